package org.relais.configuration.settings;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of octets, written as {@code 512}, {@code 64K}, {@code 25M} or {@code 1G} (powers of 1024). */
public record ByteSize(long octets) implements Comparable<ByteSize> {
    private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,12})([KMG]?)", Pattern.CASE_INSENSITIVE);
    private static final String UNITS = "KMG";

    /** More than there is anywhere: stands for "no bound". */
    public static final ByteSize UNBOUNDED = new ByteSize(Long.MAX_VALUE);

    public ByteSize {
        if (octets < 0) {
            throw new IllegalArgumentException("a size is not negative, was " + octets);
        }
    }

    /** Empty if {@code text} is not a size. */
    public static Optional<ByteSize> parse(String text) {
        Matcher written = WRITTEN.matcher(text);
        if (!written.matches()) {
            return Optional.empty();
        }
        int power =
                written.group(2).isEmpty() ? 0 : UNITS.indexOf(written.group(2).toUpperCase(Locale.ROOT)) + 1;
        return Optional.of(new ByteSize(Long.parseLong(written.group(1)) << (10 * power)));
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(octets, other.octets);
    }

    /** As a person writes it: {@code 25M}; {@code none} if there is no bound. */
    @Override
    public String toString() {
        if (equals(UNBOUNDED)) {
            return "none";
        }
        for (int power = UNITS.length(); power > 0; power--) {
            if (octets > 0 && octets % (1L << (10 * power)) == 0) {
                return (octets >> (10 * power)) + UNITS.substring(power - 1, power);
            }
        }
        return Long.toString(octets);
    }
}
