package org.relais.spool.james;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.james.metrics.api.GaugeRegistry;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.metrics.api.NoopGaugeRegistry;
import org.apache.james.metrics.tests.RecordingMetricFactory;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.relais.model.QueueId;
import org.relais.spool.Origin;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.engine.SpoolSettings;
import org.relais.spool.log.LogSpool;

/** A server's spool and queues in a directory, with all that they need; the clock and the disk are real. */
final class TestQueues implements AutoCloseable {
    final SpoolMails mails = new SpoolMails(name -> new QueueId(name.replaceAll("[^A-Za-z0-9._-]", "_")));
    final StepOutputs outputs = new StepOutputs();
    final Spool server;
    final SpoolMailQueueFactory factory;
    private final ExecutorService io = Executors.newFixedThreadPool(2);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    TestQueues(Path home) throws SpoolException {
        this(home, new RecordingMetricFactory(), new NoopGaugeRegistry());
    }

    TestQueues(Path home, MetricFactory metrics, GaugeRegistry gauges) throws SpoolException {
        server = LogSpool.open(SpoolSettings.in(home.resolve("spool")), InstantSource.system(), io);
        factory = new SpoolMailQueueFactory(
                server,
                new SpoolDirectories(home.resolve("queues"), InstantSource.system(), io),
                new QueueParts(
                        mails,
                        outputs,
                        mail -> Origin.FORWARD,
                        new RawMailQueueItemDecoratorFactory(),
                        metrics,
                        gauges,
                        timer));
    }

    @Override
    public void close() throws SpoolException {
        factory.close();
        server.close();
        timer.shutdownNow();
        io.shutdownNow();
    }
}
