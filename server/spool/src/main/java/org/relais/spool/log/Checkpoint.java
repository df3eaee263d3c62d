package org.relais.spool.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.relais.model.QueueId;
import org.relais.spool.DamagedRecord;
import org.relais.spool.EnvelopeId;
import org.relais.spool.disk.BlockInputStream;
import org.relais.spool.disk.BlockWriter;
import org.relais.spool.disk.Disk;
import org.relais.spool.engine.CheckpointHead;
import org.relais.spool.engine.RecordStore;
import org.relais.spool.index.EnvelopeEntry;
import org.relais.spool.index.MessageEntry;

/**
 * The index on disk, so that a start need not read the log. It is written while the spool works: entries may be newer
 * than the head, which does no harm, because what came after the head's position is repeated anyway and every record
 * says all of its envelope.
 *
 * <pre>
 * "RELAISCP", u32 version, then blocks (see BlockWriter) with: u64 last step, the head, one tagged entry after the
 * other, and at the end the numbers of both kinds.
 * </pre>
 */
final class Checkpoint {
    static final String NAME = "checkpoint";

    private static final String DRAFT = "checkpoint.new";
    private static final long MAGIC = 0x52454C4149534350L; // RELAISCP
    private static final int VERSION = 2;
    private static final int HEADER = 12;

    private Checkpoint() {}

    /** Writes it, durable, beside the last one. Returns its size. */
    static long draft(Disk disk, Path directory, long lastStep, CheckpointHead head, RecordStore.Live live)
            throws IOException {
        Path draft = directory.resolve(DRAFT);
        disk.deleteIfExists(draft);
        long size;
        try (Disk.AppendFile file = disk.create(draft)) {
            file.append(
                    ByteBuffer.allocate(HEADER).putLong(MAGIC).putInt(VERSION).array(), 0, HEADER);
            BlockWriter blocks = new BlockWriter(file, MAGIC);
            DataOutputStream out = new DataOutputStream(new ToBlocks(blocks));
            out.writeLong(lastStep);
            writeHead(out, head);
            Entries entries = new Entries(out);
            live.entries(entries);
            entries.finish();
            out.flush();
            blocks.finish();
            file.sync();
            size = file.length();
        } catch (IOException e) {
            // When the disk is full its room is needed for the ends of envelopes.
            abandon(disk, draft, e);
            throw e;
        }
        return size;
    }

    private static void abandon(Disk disk, Path draft, IOException reason) {
        try {
            disk.deleteIfExists(draft);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    /** Puts the draft in the place of the last one. What it knows must be durable in the log by now. */
    static void publish(Disk disk, Path directory) throws IOException {
        disk.rename(directory.resolve(DRAFT), directory.resolve(NAME));
        disk.syncDirectory(directory);
    }

    /** Tells the listener everything; empty if there is no checkpoint. */
    static Optional<Loaded> read(Path directory, RecordStore.Listener listener) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 128 * 1024)) {
            ByteBuffer header = ByteBuffer.wrap(raw.readNBytes(HEADER));
            if (header.remaining() < HEADER || header.getLong() != MAGIC) {
                throw new IOException("not a checkpoint");
            }
            int version = header.getInt();
            if (version != VERSION) {
                throw new IOException("format version " + version + ", known is " + VERSION);
            }
            DataInputStream in = new DataInputStream(new BlockInputStream(raw, MAGIC, HEADER));
            long lastStep = in.readLong();
            CheckpointHead head = readHead(in);
            listener.checkpoint(head);
            readEntries(in, listener);
            return Optional.of(new Loaded(lastStep, head, Files.size(file)));
        }
    }

    record Loaded(long lastStep, CheckpointHead head, long size) {}

    /** Throws if a byte of it is damaged. To be called before {@link #read}, which tells as it reads. */
    static void verify(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        if (Files.exists(file)) {
            try (InputStream raw = Files.newInputStream(file)) {
                ByteBuffer header = ByteBuffer.wrap(raw.readNBytes(HEADER));
                if (header.remaining() < HEADER || header.getLong() != MAGIC) {
                    throw new IOException("its header is not that of a checkpoint");
                }
                new BlockInputStream(new BufferedInputStream(raw, 128 * 1024), MAGIC, HEADER)
                        .transferTo(OutputStream.nullOutputStream());
            }
        }
    }

    private static void writeHead(DataOutputStream out, CheckpointHead head) throws IOException {
        out.writeLong(head.position());
        out.writeLong(head.lastId());
        out.writeLong(head.time());
        out.writeBoolean(head.isHoldingAll());
        out.writeInt(head.counters().size());
        for (long counter : head.counters()) {
            out.writeLong(counter);
        }
        out.writeInt(head.damages().size());
        for (DamagedRecord damage : head.damages()) {
            writeText(out, damage.file());
            out.writeLong(damage.offset());
            writeText(out, damage.what());
            EnvelopeId envelope = damage.envelope();
            QueueId queueId = damage.queueId();
            out.writeLong(envelope == null ? 0 : envelope.value());
            writeText(out, queueId == null ? "" : queueId.value());
        }
    }

    private static CheckpointHead readHead(DataInputStream in) throws IOException {
        long position = in.readLong();
        long lastId = in.readLong();
        long time = in.readLong();
        boolean isHoldingAll = in.readBoolean();
        List<Long> counters = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            counters.add(in.readLong());
        }
        List<DamagedRecord> damages = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            damages.add(readDamage(in));
        }
        return new CheckpointHead(position, lastId, time, isHoldingAll, counters, damages);
    }

    private static DamagedRecord readDamage(DataInputStream in) throws IOException {
        DamagedRecord damage = new DamagedRecord(readText(in), in.readLong(), readText(in));
        long envelope = in.readLong();
        String queueId = readText(in);
        return envelope == 0
                ? damage
                : damage.withEnvelope(new EnvelopeId(envelope), queueId.isEmpty() ? null : new QueueId(queueId));
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(DataInputStream in) throws IOException {
        byte[] bytes = in.readNBytes(in.readInt());
        return new String(bytes, UTF_8);
    }

    private static void readEntries(DataInputStream in, RecordStore.Listener listener) throws IOException {
        long messages = 0;
        long envelopes = 0;
        for (byte tag = in.readByte(); tag != 'Z'; tag = in.readByte()) {
            if (tag == 'M') {
                messages++;
                listener.message(
                        new MessageEntry(in.readLong(), in.readLong(), in.readInt(), in.readLong(), in.readBoolean()));
            } else if (tag == 'E') {
                envelopes++;
                listener.envelope(new EnvelopeEntry(
                        in.readLong(),
                        in.readLong(),
                        in.readLong(),
                        in.readInt(),
                        in.readLong(),
                        in.readInt(),
                        in.readInt(),
                        in.readInt(),
                        in.readInt(),
                        in.readByte(),
                        in.readByte()));
            } else {
                throw new IOException("unknown entry " + tag);
            }
        }
        if (in.readLong() != messages || in.readLong() != envelopes) {
            throw new IOException("entries are missing");
        }
    }

    private static final class Entries implements RecordStore.EntrySink {
        private final DataOutputStream out;
        private long messages;
        private long envelopes;

        Entries(DataOutputStream out) {
            this.out = out;
        }

        @Override
        public void message(MessageEntry entry) throws IOException {
            messages++;
            out.writeByte('M');
            out.writeLong(entry.id());
            out.writeLong(entry.location());
            out.writeInt(entry.length());
            out.writeLong(entry.size());
            out.writeBoolean(entry.isLarge());
        }

        @Override
        public void envelope(EnvelopeEntry entry) throws IOException {
            envelopes++;
            out.writeByte('E');
            out.writeLong(entry.id());
            out.writeLong(entry.message());
            out.writeLong(entry.location());
            out.writeInt(entry.length());
            out.writeLong(entry.due());
            out.writeInt(entry.created());
            out.writeInt(entry.queueHash());
            out.writeInt(entry.reverseHash());
            out.writeInt(entry.domainHash());
            out.writeByte(entry.priority());
            out.writeByte(entry.flags());
        }

        void finish() throws IOException {
            out.writeByte('Z');
            out.writeLong(messages);
            out.writeLong(envelopes);
        }
    }

    private static final class ToBlocks extends OutputStream {
        private final BlockWriter blocks;
        private final byte[] one = new byte[1];

        ToBlocks(BlockWriter blocks) {
            this.blocks = blocks;
        }

        @Override
        public void write(int value) throws IOException {
            one[0] = (byte) value;
            write(one, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            blocks.write(ByteBuffer.wrap(bytes, offset, length));
        }
    }
}
