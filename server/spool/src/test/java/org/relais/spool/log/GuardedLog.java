package org.relais.spool.log;

import java.util.List;
import java.util.Optional;
import org.relais.spool.SpoolException;
import org.relais.spool.engine.CheckpointHead;
import org.relais.spool.engine.Record;
import org.relais.spool.engine.RecordStore;

/** A segment log whose maintenance a test can ask for too: one at a time, the spool's own thread among them. */
class GuardedLog implements RecordStore {
    private final SegmentLog log;
    private Live live;

    GuardedLog(SegmentLog log) {
        this.log = log;
    }

    /** The greatest number that was given. */
    long lastId() {
        CheckpointHead head = live.head();
        return head.lastId();
    }

    @Override
    public void recover(Listener listener, Live engine) throws SpoolException {
        live = engine;
        log.recover(listener, engine);
    }

    @Override
    public void retain(long location, int length) {
        log.retain(location, length);
    }

    @Override
    public void append(List<List<Record>> steps, boolean sync) throws SpoolException {
        log.append(steps, sync);
    }

    @Override
    public boolean useReserve() throws SpoolException {
        return log.useReserve();
    }

    @Override
    public boolean hasRoomToEnd() throws SpoolException {
        return log.hasRoomToEnd();
    }

    @Override
    public void sync() throws SpoolException {
        log.sync();
    }

    @Override
    public long position() {
        return log.position();
    }

    @Override
    public Optional<byte[]> read(byte type, long id, long location, int length) throws SpoolException {
        return log.read(type, id, location, length);
    }

    @Override
    public void discard(byte type, long id, long location, int length) {
        log.discard(type, id, location, length);
    }

    @Override
    public synchronized void maintain() throws SpoolException {
        log.maintain();
    }

    @Override
    public synchronized void checkpoint() throws SpoolException {
        log.checkpoint();
    }

    @Override
    public void close() {
        log.close();
    }

    @Override
    public long bytesOnDisk() {
        return log.bytesOnDisk();
    }

    @Override
    public long syncs() {
        return log.syncs();
    }
}
