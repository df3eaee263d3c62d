package org.relais.delivery.schedule;

import java.util.Locale;

/**
 * What is one sender as far as fairness goes. Mailing lists give each recipient a reverse-path of its own (VERP:
 * {@code list-bounces+bob=example.org@lists.example.net}); all of them are one sender.
 */
final class SenderKey {
    private static final int LONGEST = 320;

    private SenderKey() {}

    static String of(String reversePath) {
        String path = reversePath.toLowerCase(Locale.ROOT);
        int at = path.lastIndexOf('@');
        String local = at < 0 ? path : path.substring(0, at);
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < local.length() && local.charAt(i) != '+' && local.charAt(i) != '='; i++) {
            if (!Character.isDigit(local.charAt(i))) {
                key.append(local.charAt(i));
            }
        }
        key.append(at < 0 ? "" : path.substring(at));
        return key.substring(0, Math.min(key.length(), LONGEST));
    }
}
