package org.relais.spool.james;

import java.nio.file.Path;
import org.apache.james.queue.api.DelayedManageableMailQueueContract;
import org.apache.james.queue.api.DelayedPriorityMailQueueContract;
import org.apache.james.queue.api.MailQueueMetricContract;
import org.apache.james.queue.api.MailQueueMetricExtension.MailQueueMetricTestSystem;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.PriorityManageableMailQueueContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.relais.spool.SpoolException;

/** The queue {@code spool}: the chain's stage of the server's spool. */
class ServerQueueContractTest
        implements DelayedManageableMailQueueContract,
                DelayedPriorityMailQueueContract,
                PriorityManageableMailQueueContract,
                MailQueueMetricContract {
    private static final MailQueueName NAME = SpoolMailQueueFactory.SPOOL;

    @TempDir
    Path home;

    private TestQueues queues;
    private ManageableMailQueue queue;

    @BeforeEach
    void open(MailQueueMetricTestSystem metrics) throws SpoolException {
        queues = new TestQueues(home, metrics.getMetricFactory(), metrics.getSpyGaugeRegistry());
        queue = queues.factory.createQueue(NAME);
    }

    @AfterEach
    void close() throws SpoolException {
        queues.close();
    }

    @Override
    public ManageableMailQueue getManageableMailQueue() {
        return queue;
    }

    @Override
    public ManageableMailQueue getMailQueue() {
        return queue;
    }
}
