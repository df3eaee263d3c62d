package org.relais.mailets.delivery;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.relais.chain.identity.MailName;
import org.relais.delivery.dsn.DsnPolicy;
import org.relais.delivery.dsn.DsnReport;
import org.relais.delivery.dsn.DsnReport.Action;
import org.relais.delivery.dsn.DsnSettings;
import org.relais.delivery.dsn.DsnWriter;
import org.relais.delivery.dsn.Original;
import org.relais.spool.MessageContent;
import org.relais.spool.james.DsnAttributes;
import org.relais.spool.james.SpoolMessage;
import org.relais.spool.mail.DsnRequest;

/** Sends DSNs about mails to their reverse-paths, through the chain and under the null reverse-path. For many threads. */
final class Notifier {
    /** More recipients get a further DSN. */
    private static final int MOST_RECIPIENTS = 100;

    private static final String HERE = "127.0.0.1";

    private final DsnSettings settings;
    private final DsnWriter writer;
    private final Clock clock;

    Notifier(DsnSettings settings, Clock clock) {
        this.settings = settings;
        this.writer = new DsnWriter(settings);
        this.clock = clock;
    }

    /** What there is to tell about a recipient. */
    @FunctionalInterface
    interface About {
        DsnReport.Recipient recipient(MailAddress address, String orcpt);
    }

    /**
     * Tells about those of {@code recipients} about whom the sender is to be told.
     *
     * @param introduction empty: the usual words
     * @param returnsWhole of a failure, unless the sender wants the header alone (RFC 3461 §4.3)
     */
    void tell(
            MailetContext context,
            Mail mail,
            Action action,
            List<MailAddress> recipients,
            About about,
            String introduction,
            boolean returnsWhole)
            throws MessagingException {
        String reversePath =
                mail.getMaybeSender().asOptional().map(MailAddress::asString).orElse("");
        DsnAttributes asked = DsnAttributes.of(mail);
        List<DsnReport.Recipient> due = recipients.stream()
                .filter(address -> DsnPolicy.isDue(action, reversePath, asked.of(address)))
                .map(address -> about.recipient(address, asked.of(address).orcpt()))
                .toList();
        if (due.isEmpty()) {
            return;
        }
        DsnRequest ofMail = asked.ofMail();
        boolean isWhole =
                action == Action.FAILED && returnsWhole && !ofMail.ret().equals("HDRS");
        Original original = original(mail, isWhole);
        Instant now = clock.instant();
        for (int from = 0; from < due.size(); from += MOST_RECIPIENTS) {
            DsnReport report = new DsnReport(
                    MailName.queueId(mail.getName()).value(),
                    Optional.ofNullable(mail.getLastUpdated())
                            .map(Date::toInstant)
                            .orElse(now),
                    ofMail.envid(),
                    reversePath,
                    introduction,
                    due.subList(from, Math.min(due.size(), from + MOST_RECIPIENTS)));
            send(context, mail, report, original, now);
        }
    }

    private Original original(Mail mail, boolean isWhole) throws MessagingException {
        SpoolMessage message = SpoolMessage.over(mail.getMessage());
        try (InputStream in = message.open()) {
            return Original.read(in, message.size(), isWhole, settings.mostReturned());
        } catch (IOException e) {
            throw new MessagingException("cannot read the content", e);
        } finally {
            LifecycleUtil.dispose(message);
        }
    }

    /** Nothing of the mail goes on into the DSN: neither its attributes, among them ENVID and RET, nor fields of recipients. */
    private void send(MailetContext context, Mail mail, DsnReport report, Original original, Instant now)
            throws MessagingException {
        // Throws when the mail's name shows that it was derived from others too often.
        String name = MailImpl.duplicateWithoutMessage(mail).getName();
        byte[] octets = writer.write(report, original, now, name.replaceAll("[^A-Za-z0-9]", ""));
        MailImpl dsn = MailImpl.builder()
                .name(name)
                .sender(MaybeSender.nullSender())
                .addRecipient(mail.getMaybeSender().get())
                .remoteHost(settings.reportingMta())
                .remoteAddr(HERE)
                .lastUpdated(Date.from(now))
                .build();
        try {
            dsn.setMessageNoCopy(SpoolMessage.over(new Octets(octets), ""));
            context.sendMail(dsn);
        } finally {
            LifecycleUtil.dispose(dsn);
        }
    }

    private record Octets(byte[] bytes) implements MessageContent {
        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public Optional<byte[]> inMemory() {
            return Optional.of(bytes);
        }
    }
}
