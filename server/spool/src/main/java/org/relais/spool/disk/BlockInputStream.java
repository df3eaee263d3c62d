package org.relais.spool.disk;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads what a {@link BlockWriter} wrote: hands out verified bytes only. For one thread. */
public final class BlockInputStream extends InputStream {
    private final DataInputStream in;
    private final long salt;
    private final byte[] block = new byte[BlockWriter.HEADER + BlockWriter.BLOCK];
    private int position;
    private int end;
    private int number;
    private long offset;
    private boolean isAtEnd;

    /** @param offset of the first block in its file, for the reports */
    public BlockInputStream(InputStream in, long salt, long offset) {
        this.in = new DataInputStream(in);
        this.salt = salt;
        this.offset = offset;
    }

    /** A block that does not match its checksum, or an end that is missing. */
    public static final class DamagedBlockException extends IOException {
        private static final long serialVersionUID = 1L;

        private final long offset;

        DamagedBlockException(long offset, String message) {
            super(message);
            this.offset = offset;
        }

        /** Where the block begins in its file. */
        public long offset() {
            return offset;
        }
    }

    @Override
    public int read() throws IOException {
        return fill() ? block[position++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, end - position);
        System.arraycopy(block, position, bytes, from, count);
        position += count;
        return count;
    }

    private boolean fill() throws IOException {
        if (position == end && !isAtEnd) {
            next();
        }
        return !isAtEnd;
    }

    private void next() throws IOException {
        try {
            in.readFully(block, 0, BlockWriter.HEADER);
            ByteBuffer header = ByteBuffer.wrap(block);
            int length = header.getInt();
            int checksum = header.getInt();
            if (length < 0 || length > BlockWriter.BLOCK) {
                throw new DamagedBlockException(offset, "block " + number + " has an impossible length");
            }
            in.readFully(block, BlockWriter.HEADER, length);
            if (BlockWriter.checksum(salt, number, block, length) != checksum) {
                throw new DamagedBlockException(offset, "block " + number + " does not match its checksum");
            }
            position = BlockWriter.HEADER;
            end = BlockWriter.HEADER + length;
            offset += end;
            number++;
            isAtEnd = length == 0;
        } catch (EOFException e) {
            DamagedBlockException damage = new DamagedBlockException(offset, "the file ends before its last block");
            damage.initCause(e);
            throw damage;
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
