package org.relais.spool.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Writes bytes as blocks, each behind its length and checksum, so that a reader can verify each before it hands it on
 * and notices an end that is missing: the last block is empty. The checksum covers the block's number and the file's
 * salt as well, so that no block can stand for another. For one thread.
 *
 * <pre>
 * u32 length, 0 in the last block | u32 CRC32C of (u64 salt, u32 number, bytes) | bytes
 * </pre>
 */
public final class BlockWriter {
    static final int BLOCK = 64 * 1024;
    static final int HEADER = 8;

    private final Disk.AppendFile file;
    private final long salt;
    private final byte[] block = new byte[HEADER + BLOCK];
    private int filled = HEADER;
    private int number;

    public BlockWriter(Disk.AppendFile file, long salt) {
        this.file = file;
        this.salt = salt;
    }

    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int count = Math.min(bytes.remaining(), block.length - filled);
            bytes.get(block, filled, count);
            filled += count;
            if (filled == block.length) {
                put();
            }
        }
    }

    /** Writes what is left and the last, empty block. */
    public void finish() throws IOException {
        if (filled > HEADER) {
            put();
        }
        put();
    }

    private void put() throws IOException {
        ByteBuffer.wrap(block).putInt(filled - HEADER).putInt(checksum(salt, number, block, filled - HEADER));
        file.append(block, 0, filled);
        filled = HEADER;
        number++;
    }

    static int checksum(long salt, int number, byte[] block, int length) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(12).putLong(salt).putInt(number).flip());
        crc.update(block, HEADER, length);
        return (int) crc.getValue();
    }
}
