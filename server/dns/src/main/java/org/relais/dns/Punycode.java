package org.relais.dns;

import java.util.Optional;

/** The encoding of A-labels (RFC 3492). Pure. */
final class Punycode {
    private static final int BASE = 36;
    private static final int LEAST_THRESHOLD = 1;
    private static final int MOST_THRESHOLD = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int FIRST_BIAS = 72;
    private static final int FIRST_CODE_POINT = 0x80;

    private Punycode() {}

    /** RFC 3492 §6.3; empty on overflow. */
    static Optional<String> encode(String label) {
        int[] input = label.codePoints().toArray();
        StringBuilder output = new StringBuilder();
        label.codePoints().filter(c -> c < FIRST_CODE_POINT).forEach(output::appendCodePoint);
        int basic = output.length();
        int handled = basic;
        if (basic > 0) {
            output.append('-');
        }
        int n = FIRST_CODE_POINT;
        int delta = 0;
        int bias = FIRST_BIAS;
        while (handled < input.length) {
            int next = nextCodePoint(input, n);
            long grown = delta + (long) (next - n) * (handled + 1);
            if (grown > Integer.MAX_VALUE - input.length) {
                return Optional.empty();
            }
            delta = (int) grown;
            n = next;
            for (int c : input) {
                if (c < n) {
                    delta++;
                } else if (c == n) {
                    append(output, delta, bias);
                    bias = adapt(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }
            delta++;
            n++;
        }
        return Optional.of(output.toString());
    }

    private static int nextCodePoint(int[] input, int least) {
        int next = Integer.MAX_VALUE;
        for (int c : input) {
            if (c >= least && c < next) {
                next = c;
            }
        }
        return next;
    }

    private static void append(StringBuilder output, int delta, int bias) {
        int rest = delta;
        for (int k = BASE; ; k += BASE) {
            int threshold = Math.max(LEAST_THRESHOLD, Math.min(MOST_THRESHOLD, k - bias));
            if (rest < threshold) {
                output.append(digit(rest));
                return;
            }
            output.append(digit(threshold + (rest - threshold) % (BASE - threshold)));
            rest = (rest - threshold) / (BASE - threshold);
        }
    }

    private static char digit(int value) {
        return (char) (value < 26 ? 'a' + value : '0' + value - 26);
    }

    /** RFC 3492 §6.1. */
    private static int adapt(int delta, int points, boolean isFirst) {
        int scaled = isFirst ? delta / DAMP : delta / 2;
        scaled += scaled / points;
        int k = 0;
        while (scaled > (BASE - LEAST_THRESHOLD) * MOST_THRESHOLD / 2) {
            scaled /= BASE - LEAST_THRESHOLD;
            k += BASE;
        }
        return k + (BASE - LEAST_THRESHOLD + 1) * scaled / (scaled + SKEW);
    }
}
