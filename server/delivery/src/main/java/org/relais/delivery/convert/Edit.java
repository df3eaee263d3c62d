package org.relais.delivery.convert;

import java.nio.charset.StandardCharsets;

/** One change of a content: the octets from one place of the original to another become others. */
sealed interface Edit {
    long from();

    long to();

    /** How many octets the content grows by. */
    long growth();

    /** Other octets in their place; where {@code from} is {@code to}, between two of them. */
    record Text(long from, long to, String text) implements Edit {
        @Override
        public long growth() {
            return text.length() - (to - from);
        }

        byte[] octets() {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
    }

    /**
     * The same octets in an encoding.
     *
     * @param size of the encoded octets
     * @param endsContent whether nothing comes behind them
     */
    record Encoded(long from, long to, Encoding encoding, long size, boolean endsContent) implements Edit {
        @Override
        public long growth() {
            return size - (to - from);
        }

        Encoder encoder(OctetSink out) {
            return encoding == Encoding.QUOTED_PRINTABLE
                    ? new QuotedPrintableEncoder(out)
                    : new Base64Encoder(out, endsContent);
        }
    }
}
