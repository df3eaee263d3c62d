package org.relais.spool.engine;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongPredicate;
import java.util.zip.CRC32C;
import org.relais.spool.DamagedRecord;
import org.relais.spool.SpoolException;
import org.relais.spool.disk.BlockInputStream;
import org.relais.spool.disk.BlockWriter;
import org.relais.spool.disk.Disk;
import org.relais.spool.disk.LocalDisk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that are too large to lie among the records: one file each, in blocks that carry their checksums. A file is
 * durable before the step that refers to it is written, so that a file without such a step is rubbish. Safe for use by
 * many threads.
 *
 * <pre>
 * 0  "RELAISLM"  8  u32 format version, u32 CRC32C of the other header bytes  16  u64 message  24  blocks
 * </pre>
 */
public final class LargeMessages {
    private static final Logger LOGGER = LoggerFactory.getLogger(LargeMessages.class);
    private static final long MAGIC = 0x52454C4149534C4DL; // RELAISLM
    private static final int VERSION = 1;
    private static final int HEADER = 24;
    private static final String SUFFIX = ".msg";
    private static final int BUFFER = 64 * 1024;

    private final Disk disk;
    private final Path directory;

    public LargeMessages(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
    }

    /** A message that is being written. For one thread at a time. */
    final class Draft {
        private final long id;
        private final Disk.AppendFile file;
        private final BlockWriter blocks;

        private Draft(long id, Disk.AppendFile file) {
            this.id = id;
            this.file = file;
            this.blocks = new BlockWriter(file, id);
        }

        void write(ByteBuffer bytes) throws IOException {
            blocks.write(bytes);
        }

        SpilledMessage finish(long size) throws IOException {
            blocks.finish();
            file.sync();
            file.close();
            disk.syncDirectory(directory);
            return new SpilledMessage(LargeMessages.this, id, size);
        }

        void abandon() {
            try {
                file.close();
            } catch (IOException e) {
                LOGGER.warn("cannot close {}", path(id), e);
            }
            delete(id);
        }
    }

    Draft create(long id) throws IOException {
        Disk.AppendFile file = disk.create(path(id));
        byte[] header = header(id);
        try {
            file.append(header, 0, header.length);
        } catch (IOException e) {
            file.close();
            delete(id);
            throw e;
        }
        return new Draft(id, file);
    }

    /** The verified bytes of that message. Reading fails as {@link org.relais.spool.MessageContent#open} says. */
    InputStream open(long id) throws IOException {
        InputStream in;
        try {
            in = new BufferedInputStream(Files.newInputStream(path(id)), BUFFER);
        } catch (NoSuchFileException e) {
            throw damaged(id, 0, new IOException("the file is missing", e));
        }
        try {
            byte[] header = new byte[HEADER];
            new DataInputStream(in).readFully(header);
            if (!Arrays.equals(header, header(id))) {
                throw new IOException("its header is damaged, or of another version");
            }
            return new NamedDamageStream(new BlockInputStream(in, id, HEADER), name(id));
        } catch (IOException e) {
            in.close();
            throw damaged(id, 0, e);
        }
    }

    private static byte[] header(long id) {
        ByteBuffer header = ByteBuffer.allocate(HEADER)
                .putLong(MAGIC)
                .putInt(VERSION)
                .putInt(0)
                .putLong(id);
        CRC32C crc = new CRC32C();
        crc.update(header.array());
        return header.putInt(12, (int) crc.getValue()).array();
    }

    private static IOException damaged(long id, long offset, IOException cause) {
        DamagedRecord damage = new DamagedRecord(name(id), offset, "large message " + id + ": " + cause.getMessage());
        return new IOException(damage.toString(), new SpoolException.Damaged(damage));
    }

    /** Deletes the file. What cannot be deleted now is deleted at the next start. */
    void delete(long id) {
        try {
            disk.deleteIfExists(path(id));
        } catch (IOException e) {
            LOGGER.warn("cannot delete {}: it stays until the next start", path(id), e);
        }
    }

    /** Deletes what a crash left: files that no record refers to. */
    void deleteAllBut(LongPredicate isKnown) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                long id = Long.parseUnsignedLong(name.substring(0, name.length() - SUFFIX.length()), 16);
                if (!isKnown.test(id)) {
                    LOGGER.info("deleting {}, which was never committed", file);
                    disk.deleteIfExists(file);
                }
            }
        } catch (NumberFormatException e) {
            throw new IOException("a file in " + directory + " that is not ours", e);
        }
    }

    /** Reads all of it, for {@code relais queue verify}. */
    public static void verify(Path directory, long id) throws IOException {
        byte[] sink = new byte[BUFFER];
        try (InputStream in = new LargeMessages(new LocalDisk(), directory).open(id)) {
            while (in.read(sink) >= 0) {
                continue;
            }
        }
    }

    public static String name(long id) {
        return "large/" + fileName(id);
    }

    private Path path(long id) {
        return directory.resolve(fileName(id));
    }

    private static String fileName(long id) {
        return String.format(Locale.ROOT, "%016x%s", id, SUFFIX);
    }

    /** Says which file a damaged block is in. */
    private static final class NamedDamageStream extends FilterInputStream {
        private final String name;

        NamedDamageStream(InputStream in, String name) {
            super(in);
            this.name = name;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return super.read(bytes, offset, length);
            } catch (BlockInputStream.DamagedBlockException e) {
                DamagedRecord damage = new DamagedRecord(name, e.offset(), String.valueOf(e.getMessage()));
                throw new IOException(damage.toString(), new SpoolException.Damaged(damage));
            }
        }
    }
}
