package org.relais.journal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.codahale.metrics.MetricRegistry;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relais.model.QueueId;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEvent;
import org.relais.model.event.MailEventKind;
import org.slf4j.LoggerFactory;

class LoggedMailEventsTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(LoggedMailEvents.LOGGER_NAME);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final LoggedMailEvents events = new LoggedMailEvents();

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.DEBUG);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    @Test
    void writesTheEnvelopeAndTheFieldsAsPairs() {
        events.record(MailEvent.of(MailEventKind.RECEIVED)
                .queueId(new QueueId("0ABC"))
                .reversePath("")
                .forwardPaths(List.of("ann@example.org", "bob@example.org"))
                .with(EventField.CLIENT, "192.0.2.1")
                .with(EventField.USER, null)
                .build());

        assertThat(lines.list).hasSize(1);
        assertThat(lines.list.get(0).getLevel()).isEqualTo(Level.INFO);
        assertThat(lines.list.get(0).getMessage()).isEqualTo("received");
        assertThat(pairs())
                .isEqualTo("queueId=0ABC reversePath=<> "
                        + "forwardPath=<ann@example.org>,<bob@example.org> client=192.0.2.1");
    }

    @Test
    void letsNoRemoteTextForgeALine() {
        events.record(MailEvent.of(MailEventKind.REFUSED)
                .with(EventField.HELO, "x\r\nreceived \"queueId\"")
                .build());

        assertThat(pairs()).isEqualTo("helo=x??received 'queueId'");
    }

    @Test
    void boundsTheLengthOfALine() {
        events.record(MailEvent.of(MailEventKind.BOUNCED)
                .forwardPaths(IntStream.range(0, 1000)
                        .mapToObj(i -> "user" + i + "@example.org")
                        .toList())
                .with(EventField.REPLY, "x".repeat(100_000))
                .build());

        assertThat(pairs()).hasSizeLessThan(2000).contains("and 980 more");
    }

    @Test
    void keepsTheStepsInBetweenForDebugging() {
        events.record(MailEvent.of(MailEventKind.ACTED).build());

        assertThat(lines.list.get(0).getLevel()).isEqualTo(Level.DEBUG);
    }

    @Test
    void countsEventsAndForwardPaths() {
        MetricRegistry registry = new MetricRegistry();

        new CountedMailEvents(registry)
                .record(MailEvent.of(MailEventKind.DELIVERED)
                        .forwardPaths(List.of("a@x", "b@x"))
                        .build());

        assertThat(registry.counter("relais.mail.delivered").getCount()).isEqualTo(1);
        assertThat(registry.counter("relais.mail.delivered.forwardpaths").getCount())
                .isEqualTo(2);
    }

    @Test
    void recordsElsewhereWhenOneRecorderIsDefect() {
        MetricRegistry registry = new MetricRegistry();
        AllMailEvents all = new AllMailEvents(List.of(
                event -> {
                    throw new IllegalStateException("defect");
                },
                new CountedMailEvents(registry)));

        all.record(MailEvent.of(MailEventKind.REMOVED).build());

        assertThat(registry.counter("relais.mail.removed").getCount()).isEqualTo(1);
    }

    private String pairs() {
        return lines.list.get(0).getKeyValuePairs().stream()
                .map(pair -> pair.key + "=" + pair.value)
                .collect(Collectors.joining(" "));
    }
}
