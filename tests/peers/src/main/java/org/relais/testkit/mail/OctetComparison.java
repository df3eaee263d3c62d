package org.relais.testkit.mail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Asserts that a mail came out as it went in, but for fields that were put on top: what was received must end with exactly
 * what was sent, and what stands before it must be whole header fields of the allowed names. Immutable.
 */
public final class OctetComparison {
    private static final int CONTEXT = 60;

    private final Set<String> allowed = new TreeSet<>();

    private OctetComparison(List<String> names) {
        names.forEach(name -> allowed.add(name.toLowerCase(Locale.ROOT)));
    }

    /** Nothing may be added. */
    public static OctetComparison identical() {
        return new OctetComparison(List.of());
    }

    /** Fields of these names may stand on top. */
    public static OctetComparison below(String... fieldNames) {
        return new OctetComparison(List.of(fieldNames));
    }

    /**
     * @throws AssertionError that shows the first octet that differs, with what stands around it on both sides
     */
    public void of(byte[] sent, byte[] received) {
        int added = received.length - sent.length;
        if (added >= 0 && Arrays.equals(received, added, received.length, sent, 0, sent.length)) {
            List<String> strange = fieldNames(received, added).stream()
                    .filter(name -> !allowed.contains(name))
                    .toList();
            if (!strange.isEmpty()) {
                throw new AssertionError("fields on top that are not among " + allowed + ": " + strange);
            }
            return;
        }
        int start = skipAllowed(received);
        int same = 0;
        while (same < sent.length && start + same < received.length && sent[same] == received[start + same]) {
            same++;
        }
        throw new AssertionError("the content differs at octet " + same + " (sent " + sent.length + " octets, received "
                + (received.length - start) + " below the added fields)\n  sent:     …" + around(sent, same)
                + "\n  received: …" + around(received, start + same));
    }

    private static List<String> fieldNames(byte[] content, int end) {
        List<String> names = new ArrayList<>();
        int at = 0;
        while (at < end) {
            int next = nextField(content, at, end);
            String field = new String(content, at, next - at, StandardCharsets.ISO_8859_1);
            int colon = field.indexOf(':');
            boolean whole = colon > 0 && field.endsWith("\r\n");
            names.add(whole ? field.substring(0, colon).trim().toLowerCase(Locale.ROOT) : "(no field) " + field.trim());
            at = next;
        }
        return names;
    }

    private int skipAllowed(byte[] content) {
        int at = 0;
        while (at < content.length) {
            int next = nextField(content, at, content.length);
            List<String> name = fieldNames(Arrays.copyOfRange(content, at, next), next - at);
            if (name.isEmpty() || !allowed.contains(name.get(0))) {
                return at;
            }
            at = next;
        }
        return at;
    }

    /** Where the field that starts at {@code from} ends, its folded lines included. */
    private static int nextField(byte[] content, int from, int end) {
        for (int i = from; i < end; i++) {
            boolean folded = i + 1 < end && (content[i + 1] == ' ' || content[i + 1] == '\t');
            if (content[i] == '\n' && !folded) {
                return i + 1;
            }
        }
        return end;
    }

    private static String around(byte[] content, int at) {
        int from = Math.max(0, at - CONTEXT);
        int to = Math.min(content.length, at + CONTEXT);
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            if (i == at) {
                text.append(" >>> ");
            }
            int octet = content[i] & 0xff;
            text.append(octet >= 0x20 && octet < 0x7f ? String.valueOf((char) octet) : String.format("\\x%02x", octet));
        }
        return text.append(at >= content.length ? " >>> (end)" : "").toString();
    }
}
