package org.relais.spool.james;

import java.nio.file.Path;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueFactoryContract;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.ManageableMailQueueFactoryContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.relais.spool.SpoolException;

class SpoolMailQueueFactoryContractTest
        implements MailQueueFactoryContract<ManageableMailQueue>,
                ManageableMailQueueFactoryContract<ManageableMailQueue> {
    @TempDir
    Path home;

    private TestQueues queues;

    @BeforeEach
    void open() throws SpoolException {
        queues = new TestQueues(home);
    }

    @AfterEach
    void close() throws SpoolException {
        queues.close();
    }

    @Override
    public MailQueueFactory<ManageableMailQueue> getMailQueueFactory() {
        return queues.factory;
    }
}
