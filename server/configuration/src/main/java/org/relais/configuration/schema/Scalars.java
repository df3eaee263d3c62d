package org.relais.configuration.schema;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.relais.configuration.settings.ByteSize;
import org.relais.configuration.xml.NearestName;

/** The types of values that know nothing of networks or mail: numbers, durations, sizes, words, files. */
final class Scalars {
    private static final Pattern SHORT_DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final String DURATION_PATTERN = "[0-9]{1,9}(ms|s|m|h|d)|P[0-9DTHMS.]+";

    private Scalars() {}

    static ValueType<Integer> wholeNumber(int least, int most) {
        return new ValueType<>() {
            @Override
            public Integer parse(String text) throws InvalidValueException {
                if (text.matches("[0-9]{1,9}")) {
                    int number = Integer.parseInt(text);
                    if (number >= least && number <= most) {
                        return number;
                    }
                }
                throw new InvalidValueException(
                        "is not " + inWords(), "write digits only, from " + least + " to " + most);
            }

            @Override
            public String inWords() {
                return "a whole number from " + least + " to " + most;
            }

            @Override
            public Facets facets() {
                return Facets.between(least, most);
            }
        };
    }

    static ValueType<ByteSize> size(ByteSize least, ByteSize most) {
        return new ValueType<>() {
            @Override
            public ByteSize parse(String text) throws InvalidValueException {
                ByteSize size = ByteSize.parse(text)
                        .orElseThrow(() -> new InvalidValueException(
                                "is not a size", "write octets, or K, M or G behind the number: 25M"));
                if (size.compareTo(least) < 0 || size.compareTo(most) > 0) {
                    throw new InvalidValueException("is out of range", "write " + inWords());
                }
                return size;
            }

            @Override
            public String inWords() {
                return "a size from " + least + " to " + most;
            }

            @Override
            public Facets facets() {
                return Facets.matching("[0-9]{1,12}[KMGkmg]?");
            }
        };
    }

    /** A size, or {@code none}, which becomes {@link ByteSize#UNBOUNDED}. */
    static ValueType<ByteSize> sizeOrNone(ByteSize least, ByteSize most) {
        ValueType<ByteSize> bounded = size(least, most);
        return new ValueType<>() {
            @Override
            public ByteSize parse(String text) throws InvalidValueException {
                if (text.equals("none")) {
                    return ByteSize.UNBOUNDED;
                }
                try {
                    return bounded.parse(text);
                } catch (InvalidValueException e) {
                    throw new InvalidValueException(e.predicate(), e.remedy() + ", or none");
                }
            }

            @Override
            public String inWords() {
                return bounded.inWords() + ", or none";
            }

            @Override
            public Facets facets() {
                return Facets.matching("none|[0-9]{1,12}[KMGkmg]?");
            }
        };
    }

    static ValueType<Duration> duration(String least, String most) {
        Duration shortest = durationOf(least).orElseThrow();
        Duration longest = durationOf(most).orElseThrow();
        return new ValueType<>() {
            @Override
            public Duration parse(String text) throws InvalidValueException {
                Duration duration = durationOf(text)
                        .orElseThrow(() -> new InvalidValueException(
                                "is not a duration", "write 90s, 30m, 12h, 5d, or ISO 8601 such as PT30M"));
                if (duration.compareTo(shortest) < 0 || duration.compareTo(longest) > 0) {
                    throw new InvalidValueException("is out of range", "write " + inWords());
                }
                return duration;
            }

            @Override
            public String inWords() {
                return "a duration from " + least + " to " + most;
            }

            @Override
            public Facets facets() {
                return Facets.matching(DURATION_PATTERN);
            }
        };
    }

    static ValueType<List<Duration>> durations(String least, String most) {
        ValueType<Duration> each = duration(least, most);
        return new ValueType<>() {
            @Override
            public List<Duration> parse(String text) throws InvalidValueException {
                List<Duration> durations = new ArrayList<>();
                for (String part : text.split("\\s+")) {
                    try {
                        durations.add(each.parse(part));
                    } catch (InvalidValueException e) {
                        throw new InvalidValueException(
                                "holds '" + part + "', which " + e.predicate(),
                                e.remedy() + "; put spaces between several");
                    }
                }
                return durations;
            }

            @Override
            public String inWords() {
                return "one or more durations from " + least + " to " + most + " with spaces between them";
            }

            @Override
            public Facets facets() {
                return Facets.matching("(" + DURATION_PATTERN + ")( (" + DURATION_PATTERN + "))*");
            }
        };
    }

    /** One of the words, which stand for values; {@code note} is said behind a word that is none of them, or empty. */
    static <T> ValueType<T> choice(LinkedHashMap<String, T> words, String note) {
        Map<String, T> values = new LinkedHashMap<>(words);
        List<String> names = List.copyOf(words.keySet());
        return new ValueType<>() {
            @Override
            public T parse(String text) throws InvalidValueException {
                T value = values.get(text);
                if (value != null) {
                    return value;
                }
                String meant = NearestName.of(text, names)
                        .map(name -> "did you mean " + name + "? ")
                        .orElse("");
                throw new InvalidValueException(
                        "is not " + inWords(),
                        meant + "write " + String.join(" or ", names) + (note.isEmpty() ? "" : "; " + note));
            }

            @Override
            public String inWords() {
                return names.size() == 1 ? "only " + names.get(0) : "one of " + String.join(", ", names);
            }

            @Override
            public Facets facets() {
                return Facets.oneOf(names);
            }
        };
    }

    /** A file, relative to the home's conf folder or absolute; whether it exists is another check's. */
    static ValueType<String> file() {
        return new ValueType<>() {
            @Override
            public String parse(String text) throws InvalidValueException {
                try {
                    if (!text.startsWith("file:") && !Path.of(text).toString().isEmpty()) {
                        return text;
                    }
                } catch (InvalidPathException e) {
                    throw new InvalidValueException(
                            "is no file name on this system", "write a name in ASCII, like tls/certificate.pem");
                }
                throw new InvalidValueException("is not a plain path", "write it like tls/certificate.pem");
            }

            @Override
            public String inWords() {
                return "a file, relative to conf/ or absolute";
            }

            @Override
            public Facets facets() {
                return Facets.any();
            }
        };
    }

    /** ISO 8601 or a number and one of ms, s, m, h, d; empty if {@code text} is neither. */
    static Optional<Duration> durationOf(String text) {
        Matcher written = SHORT_DURATION.matcher(text);
        if (written.matches()) {
            long number = Long.parseLong(written.group(1));
            return Optional.of(
                    switch (written.group(2)) {
                        case "ms" -> Duration.ofMillis(number);
                        case "s" -> Duration.ofSeconds(number);
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        default -> Duration.ofDays(number);
                    });
        }
        try {
            return text.startsWith("P") ? Optional.of(Duration.parse(text)) : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
