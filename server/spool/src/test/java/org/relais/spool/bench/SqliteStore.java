package org.relais.spool.bench;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.relais.spool.SpoolException;
import org.relais.spool.engine.EnvelopeCodec;
import org.relais.spool.engine.Record;
import org.relais.spool.engine.RecordStore;
import org.relais.spool.index.EnvelopeEntry;
import org.relais.spool.index.MessageEntry;

/**
 * The rival of the segment log: records as rows of an SQLite database in WAL mode, one transaction for a batch. Passes
 * the spool's contract; exists to be measured (docs/adr/0010).
 */
public final class SqliteStore implements RecordStore {
    private static final int MOST_CACHED_DISCARDS = 100_000;

    private final Path file;
    private final Connection writer;
    private final Connection reader;
    private final List<Long> discarded = new ArrayList<>();
    private final AtomicLong syncs = new AtomicLong();
    private final PreparedStatement putMessage;
    private final PreparedStatement putEnvelope;
    private final PreparedStatement deleteMessage;
    private final PreparedStatement deleteEnvelope;
    private final PreparedStatement count;
    private long steps;
    private boolean isFull = true;

    public SqliteStore(Path directory) throws SQLException {
        file = directory.resolve("spool.db");
        writer = connect();
        reader = connect();
        try (Statement statement = writer.createStatement()) {
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY, type INTEGER, length INTEGER,"
                            + " body BLOB)");
            statement.execute("CREATE TABLE IF NOT EXISTS envelope (id INTEGER PRIMARY KEY, body BLOB)");
            statement.execute("CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, n INTEGER)");
        }
        writer.setAutoCommit(false);
        putMessage = writer.prepareStatement("INSERT OR REPLACE INTO message VALUES (?, ?, ?, ?)");
        putEnvelope = writer.prepareStatement("INSERT OR REPLACE INTO envelope VALUES (?, ?)");
        deleteMessage = writer.prepareStatement("DELETE FROM message WHERE id = ?");
        deleteEnvelope = writer.prepareStatement("DELETE FROM envelope WHERE id = ?");
        count = writer.prepareStatement(
                "INSERT INTO counter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET n = n + excluded.n");
    }

    private Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA cache_size = -32768");
        }
        return connection;
    }

    @Override
    public void recover(Listener listener, Live live) throws SpoolException {
        try (Statement statement = reader.createStatement()) {
            try (ResultSet rows = statement.executeQuery(
                    "SELECT id, type, length, CASE type WHEN 76 THEN body END" + " FROM message")) {
                while (rows.next()) {
                    boolean isLarge = rows.getInt(2) == Record.LARGE_MESSAGE;
                    int length = rows.getInt(3);
                    long size = isLarge ? ByteBuffer.wrap(rows.getBytes(4)).getLong() : length;
                    listener.message(new MessageEntry(rows.getLong(1), rows.getLong(1), length, size, isLarge));
                }
            }
            try (ResultSet rows = statement.executeQuery("SELECT id, body FROM envelope")) {
                while (rows.next()) {
                    byte[] body = rows.getBytes(2);
                    long id = rows.getLong(1);
                    listener.envelope(EnvelopeEntry.of(EnvelopeCodec.decode(id, body), id, body.length));
                }
            }
        } catch (SQLException e) {
            throw new SpoolException.Unusable("sqlite", e);
        }
    }

    @Override
    public void retain(long location, int length) {}

    @Override
    public void append(List<List<Record>> batch, boolean sync) throws SpoolException {
        try {
            if (sync != isFull) {
                try (Statement statement = writer.createStatement()) {
                    writer.setAutoCommit(true);
                    statement.execute("PRAGMA synchronous = " + (sync ? "FULL" : "NORMAL"));
                    writer.setAutoCommit(false);
                }
                isFull = sync;
            }
            for (List<Record> step : batch) {
                steps++;
                for (Record record : step) {
                    put(record);
                }
            }
            deleteDiscarded();
            writer.commit();
            if (sync) {
                syncs.incrementAndGet();
            }
        } catch (SQLException e) {
            throw new SpoolException.Broken("sqlite", e);
        }
    }

    private void put(Record record) throws SQLException {
        record.placeAt(record.id());
        switch (record.type()) {
            case Record.MESSAGE, Record.LARGE_MESSAGE -> {
                putMessage.setLong(1, record.id());
                putMessage.setInt(2, record.type());
                putMessage.setInt(3, record.body().length);
                putMessage.setBytes(4, record.body());
                putMessage.executeUpdate();
            }
            case Record.ENVELOPE -> {
                putEnvelope.setLong(1, record.id());
                putEnvelope.setBytes(2, record.body());
                putEnvelope.executeUpdate();
                if (record.has(Record.CAME)) {
                    count("came");
                }
            }
            case Record.EXIT -> {
                deleteEnvelope.setLong(1, record.id());
                deleteEnvelope.executeUpdate();
                count("left " + record.body()[0]);
            }
            default -> {
                // Not needed for the measurement.
            }
        }
    }

    private void count(String name) throws SQLException {
        count.setString(1, name);
        count.executeUpdate();
    }

    private synchronized void deleteDiscarded() throws SQLException {
        for (long id : discarded) {
            deleteMessage.setLong(1, id);
            deleteMessage.executeUpdate();
        }
        discarded.clear();
    }

    @Override
    public void sync() throws SpoolException {
        if (!isFull) {
            append(List.of(), true);
        }
    }

    @Override
    public long position() {
        return steps;
    }

    @Override
    public synchronized Optional<byte[]> read(byte type, long id, long location, int length) throws SpoolException {
        String table = type == Record.ENVELOPE ? "envelope" : "message";
        try (PreparedStatement query = reader.prepareStatement("SELECT body FROM " + table + " WHERE id = ?")) {
            query.setLong(1, id);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new SpoolException.Unusable("sqlite", e);
        }
    }

    @Override
    public synchronized void discard(byte type, long id, long location, int length) {
        if (type != Record.ENVELOPE && discarded.size() < MOST_CACHED_DISCARDS) {
            discarded.add(id);
        }
    }

    @Override
    public void maintain() {}

    @Override
    public void checkpoint() throws SpoolException {
        append(List.of(), true);
    }

    @Override
    public void close() {
        try {
            writer.close();
            reader.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public long bytesOnDisk() {
        return file.toFile().length();
    }

    @Override
    public long syncs() {
        return syncs.get();
    }
}
