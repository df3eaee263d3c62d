package org.relais.access.smtp.james;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.james.queue.memory.MemoryMailQueueFactory;
import org.apache.james.server.core.MailImpl;
import org.junit.jupiter.api.Test;

class QueueRoomTest {
    private final MemoryMailQueueFactory queues = new MemoryMailQueueFactory(new RawMailQueueItemDecoratorFactory());

    @Test
    void givesRoomWhileTheQueuesAreBelowTheirBound() throws Exception {
        QueueRoom room = new QueueRoom(queues, 2, Duration.ZERO);
        put(MailQueueFactory.SPOOL, "one");

        assertThatCode(room::await).doesNotThrowAnyException();
    }

    @Test
    void countsTheMailsOfAllQueuesAndSaysWhichBoundWasHit() throws Exception {
        QueueRoom room = new QueueRoom(queues, 2, Duration.ofMillis(10));
        put(MailQueueFactory.SPOOL, "one");
        put(MailQueueName.of("outgoing"), "two");

        assertThatThrownBy(room::await)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2 mails wait in the queues");
    }

    private void put(MailQueueName queue, String name) throws Exception {
        queues.createQueue(queue).enQueue(MailImpl.builder().name(name).build());
    }
}
