package org.relais.spool.memory;

import org.relais.spool.Spool;
import org.relais.spool.SpoolContract;

final class InMemorySpoolTest extends SpoolContract {

    @Override
    protected Spool create() {
        return new InMemorySpool(clock, clock, CAPACITY, RETENTION);
    }
}
