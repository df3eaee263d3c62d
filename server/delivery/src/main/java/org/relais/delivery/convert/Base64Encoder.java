package org.relais.delivery.convert;

import java.util.Arrays;
import java.util.Base64;

/** RFC 2045 §6.8, in lines of 76; the last line has no end, unless nothing comes behind it. */
final class Base64Encoder implements Encoder {
    private static final int OCTETS_OF_LINE = 57;
    private static final int CHARACTERS_OF_LINE = 76;

    private final OctetSink out;
    private final boolean endsContent;
    private final byte[] line = new byte[OCTETS_OF_LINE];
    private int length;

    Base64Encoder(OctetSink out, boolean endsContent) {
        this.out = out;
        this.endsContent = endsContent;
    }

    /** What comes of that many octets. */
    static long size(long octets, boolean endsContent) {
        long characters = (octets + 2) / 3 * 4;
        long lines = (characters + CHARACTERS_OF_LINE - 1) / CHARACTERS_OF_LINE;
        return characters + 2 * (endsContent ? lines : Math.max(0, lines - 1));
    }

    @Override
    public void put(byte octet) {
        if (length == OCTETS_OF_LINE) {
            writeLine();
            endLine();
        }
        line[length++] = octet;
    }

    @Override
    public void end() {
        if (length > 0) {
            writeLine();
            if (endsContent) {
                endLine();
            }
        }
    }

    private void writeLine() {
        for (byte character : Base64.getEncoder().encode(Arrays.copyOf(line, length))) {
            out.put(character);
        }
        length = 0;
    }

    private void endLine() {
        out.put('\r');
        out.put('\n');
    }
}
