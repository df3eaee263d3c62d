package org.relais.chain.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.james.queue.memory.MemoryMailQueueFactory;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.mailet.Mail;
import org.junit.jupiter.api.Test;

class ExactMailQueueTest {
    private static final byte[] ODD = ("Subject: caf\u00e9\r\nX-Folded: one\r\n\ttwo \r\n\r\n\u00e9\r\nno line end")
            .getBytes(StandardCharsets.ISO_8859_1);

    private final ManageableMailQueue queue = new ExactMailQueueFactory(
                    new MemoryMailQueueFactory(new RawMailQueueItemDecoratorFactory(), Clock.systemUTC()))
            .createQueue(MailQueueFactory.SPOOL);

    @Test
    void octetsStayAsTheyAreFromQueueToQueue() throws Exception {
        MailImpl mail = TestChain.mail(ODD, "bob@example.org");
        mail.setState("transport");

        queue.enQueue(mail, Duration.ofHours(1));
        Mail once = queue.browse().next().getMail();
        queue.clear();
        queue.enQueue(once, Duration.ofHours(1));
        Mail twice = queue.browse().next().getMail();

        try (InputStream in = ((MimeMessageWrapper) twice.getMessage()).getMessageInputStream()) {
            assertThat(in.readAllBytes()).isEqualTo(ODD);
        }
        assertThat(twice.getName()).isEqualTo(mail.getName());
        assertThat(twice.getState()).isEqualTo("transport");
        assertThat(TestChain.recipients(twice)).containsExactly("bob@example.org");
    }

    @Test
    void theMailPutInStaysUsable() throws Exception {
        MailImpl mail = TestChain.mail(ODD, "bob@example.org");

        queue.enQueue(mail);

        try (InputStream in = ((MimeMessageWrapper) mail.getMessage()).getMessageInputStream()) {
            assertThat(in.readAllBytes()).isEqualTo(ODD);
        }
    }
}
