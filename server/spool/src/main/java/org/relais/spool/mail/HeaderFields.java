package org.relais.spool.mail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The header of a message, octet for octet: each char of its strings is one octet (ISO 8859-1). Fields that are added
 * stand in a prefix on top, the newest first, as RFC 5321 §4.4 wants it of trace fields; a field that is set or removed
 * changes its own lines only.
 *
 * <p>The header ends at the first empty line, at the end of the message, or before the field that would exceed
 * {@value #MOST_BYTES} octets: what follows counts as body then. For one thread at a time.
 */
public final class HeaderFields {
    public static final int MOST_BYTES = 1 << 20;
    private static final String LINE_END = "\r\n";

    private final List<RawField> added = new ArrayList<>();
    private final List<RawField> received = new ArrayList<>();
    /** What was read; never changed. */
    private final List<RawField> original;

    private final String separator;
    private final int length;
    private boolean isTouched;

    private HeaderFields(String received, String separator) {
        split(received, this.received);
        this.original = List.copyOf(this.received);
        this.separator = separator;
        this.length = received.length() + separator.length();
    }

    private HeaderFields(HeaderFields other) {
        added.addAll(other.added);
        received.addAll(other.received);
        original = other.original;
        separator = other.separator;
        length = other.length;
        isTouched = other.isTouched;
    }

    /** Reads a header, at least; {@code in} stands anywhere behind it then. */
    public static HeaderFields read(InputStream in) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(2048);
        byte[] chunk = new byte[8192];
        HeaderEnd end = new HeaderEnd();
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            int taken = end.pass(chunk, count);
            octets.write(chunk, 0, taken);
            if (end.isFound() || octets.size() > MOST_BYTES) {
                break;
            }
        }
        return of(octets.toString(StandardCharsets.ISO_8859_1), end);
    }

    private static HeaderFields of(String octets, HeaderEnd end) {
        if (end.isFound()) {
            int fields = octets.length() - end.separatorLength();
            if (octets.length() <= MOST_BYTES) {
                return new HeaderFields(octets.substring(0, fields), octets.substring(fields));
            }
        } else if (octets.length() <= MOST_BYTES) {
            return new HeaderFields(octets, "");
        }
        return new HeaderFields(octets.substring(0, startOfFieldBefore(octets)), "");
    }

    /** Where the last field begins that begins within the bound. */
    private static int startOfFieldBefore(String octets) {
        for (int i = MOST_BYTES; i > 0; i--) {
            if (octets.charAt(i - 1) == '\n' && !isSpace(octets.charAt(i))) {
                return i;
            }
        }
        return 0;
    }

    /** A field as octets, with its CRLF. Characters beyond ISO 8859-1 are written in UTF-8 (RFC 6532). */
    public static String field(String name, String value) {
        return name + ": " + octets(value) + LINE_END;
    }

    public HeaderFields copy() {
        return new HeaderFields(this);
    }

    /** Fields with their CRLFs that are known to stand on top of what was read. */
    public void prepend(String prefix) {
        List<RawField> fields = new ArrayList<>();
        split(prefix, fields);
        added.addAll(0, fields);
    }

    /** What stands on top of what was read; if that {@linkplain #isEdited() was edited}, what was added on top. */
    public String prefix() {
        return joined(onTop().orElse(added));
    }

    /**
     * Whether the header is anything but what was read below other fields. One that was taken apart and put together
     * again, as DKIM signers do to put a field on top, is not.
     */
    public boolean isEdited() {
        return onTop().isEmpty();
    }

    /**
     * What stands on top of what was read; empty if that was edited. Lines that are no fields are not seen by those who
     * take a header apart, and stay where they are when it is put together again.
     */
    private Optional<List<RawField>> onTop() {
        if (!isTouched) {
            return Optional.of(added);
        }
        if (added.size() + received.size() < original.size()) {
            return Optional.empty();
        }
        List<RawField> now = Stream.concat(added.stream(), received.stream()).toList();
        List<RawField> fields = now.stream().filter(RawField::isField).toList();
        List<RawField> before = original.stream().filter(RawField::isField).toList();
        int more = fields.size() - before.size();
        boolean isWhole = more >= 0
                && fields.subList(more, fields.size()).equals(before)
                && others(now).equals(others(original));
        return isWhole ? Optional.of(fields.subList(0, more)) : Optional.empty();
    }

    /** Before a change: a header that was put together again is as if it had never been taken apart. */
    private void settle() {
        Optional<List<RawField>> onTop = isTouched ? onTop() : Optional.empty();
        if (onTop.isPresent()) {
            added.clear();
            added.addAll(onTop.get());
            received.clear();
            received.addAll(original);
            isTouched = false;
        }
    }

    private static List<RawField> others(List<RawField> fields) {
        return fields.stream().filter(field -> !field.isField()).toList();
    }

    /** Octets of the header as it was read, with the line that ends it: where the body begins. */
    public int length() {
        return length;
    }

    /** The line that ends the header; empty if there was none. */
    public String separator() {
        return separator;
    }

    /** With the lines that are no fields. */
    public List<RawField> fields() {
        Optional<List<RawField>> onTop = isTouched ? onTop() : Optional.empty();
        return onTop.isPresent()
                ? Stream.concat(onTop.get().stream(), original.stream()).toList()
                : Stream.concat(added.stream(), received.stream()).toList();
    }

    public List<RawField> named(String name) {
        return fields().stream().filter(field -> field.isNamed(name)).toList();
    }

    public void add(String name, String value) {
        added.add(0, new RawField(field(name, value)));
    }

    /** A line at the end; one that begins with white space goes on with the last field. */
    public void addLine(String line) {
        String octets = octets(line) + LINE_END;
        isTouched = true;
        if (received.isEmpty()) {
            received.add(new RawField(octets));
            return;
        }
        RawField last = received.get(received.size() - 1).ended();
        received.set(received.size() - 1, last);
        if (!line.isEmpty() && isSpace(line.charAt(0))) {
            received.set(received.size() - 1, new RawField(last.octets() + octets));
        } else {
            received.add(new RawField(octets));
        }
    }

    /** Gives the first field of that name another value, and removes the others; adds one if there is none. */
    public void set(String name, String value) {
        settle();
        boolean isSet = set(added, name, value, false);
        int before = received.size();
        if (set(received, name, value, isSet) || received.size() != before) {
            isTouched = true;
            isSet = true;
        }
        if (!isSet) {
            add(name, value);
        }
    }

    private static boolean set(List<RawField> fields, String name, String value, boolean onlyRemove) {
        boolean isSet = false;
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).isNamed(name)) {
                if (isSet || onlyRemove) {
                    fields.remove(i--);
                } else {
                    fields.set(i, fields.get(i).withValue(name, octets(value)));
                    isSet = true;
                }
            }
        }
        return isSet;
    }

    public void remove(String name) {
        settle();
        added.removeIf(field -> field.isNamed(name));
        if (received.removeIf(field -> field.isNamed(name))) {
            isTouched = true;
        }
    }

    /** The whole header as it is now, with the line that ends it. */
    public byte[] octets() {
        return (joined(fields()) + separator).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String joined(List<RawField> fields) {
        StringBuilder text = new StringBuilder();
        fields.forEach(field -> text.append(field.octets()));
        return text.toString();
    }

    private static void split(String octets, List<RawField> fields) {
        int start = 0;
        for (int end = octets.indexOf('\n'); end >= 0; end = octets.indexOf('\n', end + 1)) {
            if (end + 1 < octets.length() && !isSpace(octets.charAt(end + 1))) {
                fields.add(new RawField(octets.substring(start, end + 1)));
                start = end + 1;
            }
        }
        if (start < octets.length()) {
            fields.add(new RawField(octets.substring(start)));
        }
    }

    private static String octets(String text) {
        if (text.chars().allMatch(c -> c < 0x100)) {
            return text;
        }
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
