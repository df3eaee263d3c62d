package org.relais.spool.james;

import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.apache.james.metrics.api.GaugeRegistry;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.queue.api.MailQueueItemDecoratorFactory;
import org.apache.mailet.Mail;
import org.relais.spool.Origin;

/**
 * What queues share.
 *
 * @param outputs collects what steps of the chain put into the queue {@code spool}
 * @param originOf how the books count a mail that is put into the queue {@code spool} outside of a step
 * @param timer renews leases; its tasks are short
 */
public record QueueParts(
        SpoolMails mails,
        StepOutputs outputs,
        Function<Mail, Origin> originOf,
        MailQueueItemDecoratorFactory decorators,
        MetricFactory metrics,
        GaugeRegistry gauges,
        ScheduledExecutorService timer) {}
