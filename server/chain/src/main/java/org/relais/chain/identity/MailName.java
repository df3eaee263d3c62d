package org.relais.chain.identity;

import java.util.regex.Pattern;
import org.relais.model.QueueId;

/**
 * The name of a mail inside the relay: the queue id it was accepted under and, for a part of it that travels alone, a
 * suffix of its own.
 *
 * <p>Names differ, because queues and repositories find a mail by its name; the queue id stays, because people do.
 */
public final class MailName {
    /** What James puts behind the name of a mail that a mailet derived from another, and our suffix in front of it. */
    private static final Pattern DERIVED_FROM_PART = Pattern.compile("\\.[0-9B-Zb]{13}(?=-!\\d{7})");

    private static final Pattern EARLIER_DERIVATION = Pattern.compile("-!\\d{7}(?=.*-!\\d{7})");
    private static final Pattern NOT_IN_A_QUEUE_ID = Pattern.compile("[^A-Za-z0-9._-]");
    private static final int LONGEST_QUEUE_ID = 128;
    private static final char[] DIGITS = "0123456789BCDFGHJKLMNPQRSTVWXYZb".toCharArray();
    private static final char DERIVED = '!';
    private static final int PART_LENGTH = 13;
    private static final int BITS_OF_DIGIT = 5;

    private MailName() {}

    /** The queue id under which {@code name}'s mail was accepted; a foreign name is made to fit. */
    public static QueueId queueId(String name) {
        String whole = whole(name);
        String fitting =
                isQueueId(whole) ? whole : NOT_IN_A_QUEUE_ID.matcher(whole).replaceAll("_");
        return new QueueId(fitting.substring(0, Math.min(fitting.length(), LONGEST_QUEUE_ID)));
    }

    /**
     * The name of the mail whose first envelope has the number {@code envelope}: under the same queue id no other mail
     * has it, and the same mail has it again when its processing is repeated.
     */
    public static String ofEnvelope(String name, long envelope) {
        char[] part = new char[PART_LENGTH];
        long rest = envelope;
        for (int i = PART_LENGTH - 1; i >= 0; i--) {
            part[i] = DIGITS[(int) (rest & (DIGITS.length - 1))];
            rest >>>= BITS_OF_DIGIT;
        }
        return whole(name) + "." + new String(part);
    }

    // By hand: this is asked several times for each mail, and nearly all names are plain queue ids.

    private static boolean isQueueId(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean isLetter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (!isLetter && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isPart(String name) {
        int dot = name.length() - PART_LENGTH - 1;
        if (dot < 1 || name.charAt(dot) != '.') {
            return false;
        }
        for (int i = dot + 1; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c >= 'B' && c <= 'Z') && c != 'b') {
                return false;
            }
        }
        return true;
    }

    /**
     * Without our suffix, and of James's only the last. Of the others their mark stays: James derives no mail from one
     * with eight marks, which stops chains that go round in circles, but it cuts long names at their beginning, so that
     * with all the rest there would never be as many.
     */
    private static String whole(String name) {
        String whole = isPart(name) ? name.substring(0, name.length() - PART_LENGTH - 1) : name;
        if (whole.indexOf(DERIVED) < 0) {
            return whole;
        }
        String derived = DERIVED_FROM_PART.matcher(whole).replaceAll("");
        return EARLIER_DERIVATION.matcher(derived).replaceAll(String.valueOf(DERIVED));
    }
}
