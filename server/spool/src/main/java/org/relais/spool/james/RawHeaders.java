package org.relais.spool.james;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Predicate;
import javax.mail.Header;
import javax.mail.MessagingException;
import javax.mail.internet.InternetHeaders;
import org.jspecify.annotations.Nullable;
import org.relais.spool.mail.HeaderFields;
import org.relais.spool.mail.RawField;

/**
 * JavaMail's view of {@link HeaderFields}. Deviation: JavaMail puts most fields that are added at the end, and a second
 * of a name behind the first; here every added field stands on top, the newest first, as JavaMail has it for trace
 * fields. And a line that is no field, which JavaMail takes for one with a name and no colon, is not listed: mailets fail
 * at it. It is written where it stands. For one thread at a time.
 */
final class RawHeaders extends InternetHeaders {
    private final HeaderFields fields;

    RawHeaders(HeaderFields fields) {
        this.fields = fields;
        // JavaMail's list of usual fields, which it fills in the constructor and which stays unused.
        headers = List.of();
    }

    HeaderFields fields() {
        return fields;
    }

    /** The whole header without the fields of these names. */
    String without(String[] names) {
        StringBuilder text = new StringBuilder();
        fields.fields().stream().filter(isNamed(names).negate()).forEach(field -> text.append(field.octets()));
        return text.toString();
    }

    @Override
    public void load(InputStream is, boolean allowutf8) throws MessagingException {
        try {
            HeaderFields.read(is).fields().forEach(field -> fields.addLine(field.line()));
        } catch (IOException e) {
            throw new MessagingException("cannot read the header", e);
        }
    }

    @Override
    public String @Nullable [] getHeader(String name) {
        List<RawField> named = fields.named(name);
        return named.isEmpty() ? null : named.stream().map(RawField::value).toArray(String[]::new);
    }

    @Override
    public @Nullable String getHeader(String name, @Nullable String delimiter) {
        String[] values = getHeader(name);
        if (values == null) {
            return null;
        }
        return values.length == 1 || delimiter == null ? values[0] : String.join(delimiter, values);
    }

    @Override
    public void setHeader(String name, @Nullable String value) {
        if (value == null) {
            fields.remove(name);
        } else {
            fields.set(name, value);
        }
    }

    @Override
    public void addHeader(String name, @Nullable String value) {
        if (value != null) {
            fields.add(name, value);
        }
    }

    @Override
    public void removeHeader(String name) {
        fields.remove(name);
    }

    @Override
    public void addHeaderLine(String line) {
        fields.addLine(line);
    }

    @Override
    public Enumeration<Header> getAllHeaders() {
        return headers(field -> true);
    }

    @Override
    public Enumeration<Header> getMatchingHeaders(String @Nullable [] names) {
        return headers(isNamed(names));
    }

    @Override
    public Enumeration<Header> getNonMatchingHeaders(String @Nullable [] names) {
        return headers(isNamed(names).negate());
    }

    @Override
    public Enumeration<String> getAllHeaderLines() {
        return lines(field -> true);
    }

    @Override
    public Enumeration<String> getMatchingHeaderLines(String @Nullable [] names) {
        return lines(isNamed(names));
    }

    @Override
    public Enumeration<String> getNonMatchingHeaderLines(String @Nullable [] names) {
        return lines(isNamed(names).negate());
    }

    private Enumeration<Header> headers(Predicate<RawField> wanted) {
        return Collections.enumeration(matching(wanted).stream()
                .map(field -> new Header(field.name(), field.value()))
                .toList());
    }

    private Enumeration<String> lines(Predicate<RawField> wanted) {
        return Collections.enumeration(
                matching(wanted).stream().map(RawField::line).toList());
    }

    private List<RawField> matching(Predicate<RawField> wanted) {
        return fields.fields().stream().filter(RawField::isField).filter(wanted).toList();
    }

    private static Predicate<RawField> isNamed(String @Nullable [] names) {
        List<String> all = names == null ? List.of() : Arrays.asList(names);
        return field -> all.stream().anyMatch(field::isNamed);
    }
}
