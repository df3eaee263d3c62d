package org.relais.distribution.administration;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.relais.administration.port.QueueAdministration.Content;
import org.relais.administration.port.QueuedEnvelope;
import org.relais.administration.port.QueuedMail;
import org.relais.administration.port.Refusal;
import org.relais.model.QueueId;
import org.relais.spool.BrowseFilter;
import org.relais.spool.Envelope;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.MessageContent;
import org.relais.spool.MessageId;
import org.relais.spool.Page;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.mail.MailState;

/** Shows envelopes and whole mails of a spool. Safe for use by many threads. */
final class QueuedMails {
    private static final int MOST_SHOWN = 500;
    private static final int MOST_HEADER = 64 << 10;

    private final Spool spool;

    QueuedMails(Spool spool) {
        this.spool = spool;
    }

    QueuedEnvelope envelope(Page.Entry.Item item) {
        Envelope envelope = item.envelope();
        EnvelopeDetails details = envelope.details();
        return new QueuedEnvelope(
                details.queueId().value(),
                envelope.id().value(),
                SpoolStatistics.word(details.stage()),
                status(item.status()),
                envelope.created(),
                details.nextAttempt(),
                envelope.removed(),
                spool.size(envelope.message()).orElse(-1),
                details.reversePath(),
                details.forwardPath(),
                details.attempts(),
                details.priority(),
                SpoolStatistics.word(envelope.origin()),
                details.reason());
    }

    private static QueuedEnvelope.Status status(Page.Status status) {
        return switch (status) {
            case DUE -> QueuedEnvelope.Status.DUE;
            case WAITING -> QueuedEnvelope.Status.WAITING;
            case CLAIMED -> QueuedEnvelope.Status.IN_WORK;
            case HELD -> QueuedEnvelope.Status.HELD;
            case REMOVED -> QueuedEnvelope.Status.REMOVED;
        };
    }

    QueuedMail show(String queueId) throws SpoolException, Refusal {
        List<Page.Entry.Item> items = items(queueId);
        List<QueuedMail.Part> parts = new ArrayList<>();
        Map<MessageId, QueuedMail.Message> messages = new LinkedHashMap<>();
        for (Page.Entry.Item item : items) {
            Optional<MailState> state = state(item.envelope());
            parts.add(part(item, state));
            messages.computeIfAbsent(item.envelope().message(), id -> message(id, prefix(state)));
        }
        return new QueuedMail(queueId, parts, List.copyOf(messages.values()), items.size() < MOST_SHOWN);
    }

    private List<Page.Entry.Item> items(String queueId) throws SpoolException, Refusal {
        BrowseFilter filter = BrowseFilter.ALL.withQueueId(new QueueId(queueId));
        List<Page.Entry.Item> items = new ArrayList<>();
        for (BrowseFilter one : List.of(filter, filter.onlyRemoved())) {
            if (items.size() < MOST_SHOWN) {
                for (Page.Entry entry : spool.browse(one, Optional.empty(), MOST_SHOWN - items.size())
                        .entries()) {
                    if (entry instanceof Page.Entry.Item item) {
                        items.add(item);
                    }
                }
            }
        }
        if (items.isEmpty()) {
            throw new Refusal(
                    Refusal.Kind.MISSING, "there is no mail " + queueId + " in the spool", "relais queue list");
        }
        return items;
    }

    private QueuedMail.Part part(Page.Entry.Item item, Optional<MailState> known) {
        MailState state = known.orElseGet(() -> MailState.received("", "", Instant.EPOCH, Map.of()));
        var ending = state.ending();
        return new QueuedMail.Part(
                envelope(item),
                item.envelope().message().value(),
                state.name(),
                state.processor(),
                state.error(),
                state.remoteAddress(),
                state.delivery(),
                ending == null ? "" : SpoolStatistics.word(ending),
                state.attributes(),
                state.ownFields(),
                known.isPresent() ? "" : "its state is not one that this version knows");
    }

    private static Optional<MailState> state(Envelope envelope) {
        try {
            return Optional.of(MailState.of(envelope.details()));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // of a newer version, or of a plug-in's queue: told with the envelope
        }
    }

    private static byte[] prefix(Optional<MailState> state) {
        return state.map(MailState::prefix).orElse("").getBytes(StandardCharsets.ISO_8859_1);
    }

    private QueuedMail.Message message(MessageId id, byte[] prefix) {
        try {
            Content content = content(id, prefix);
            try (InputStream in = content.open()) {
                return new QueuedMail.Message(id.value(), content.size(), header(in.readNBytes(MOST_HEADER)), "");
            }
        } catch (SpoolException | IOException e) {
            return new QueuedMail.Message(id.value(), -1, "", "cannot be read: " + e.getMessage());
        }
    }

    /** What stands before the first empty line. */
    private static String header(byte[] start) {
        String text = new String(start, StandardCharsets.UTF_8);
        int end = text.indexOf("\r\n\r\n");
        if (text.startsWith("\r\n")) {
            return "";
        }
        return end < 0 ? text : text.substring(0, end + 2);
    }

    Content content(String queueId, long message) throws SpoolException, Refusal {
        for (Page.Entry.Item item : items(queueId)) {
            Envelope envelope = item.envelope();
            if (message == 0 || envelope.message().value() == message) {
                return content(envelope.message(), prefix(state(envelope)));
            }
        }
        throw new Refusal(
                Refusal.Kind.MISSING,
                "mail " + queueId + " has no message " + message,
                "relais queue show " + queueId + " tells the numbers");
    }

    private Content content(MessageId id, byte[] prefix) throws SpoolException {
        MessageContent content = spool.content(id);
        return new Content() {
            @Override
            public long size() {
                return prefix.length + content.size();
            }

            @Override
            public InputStream open() throws IOException {
                return new SequenceInputStream(new ByteArrayInputStream(prefix), content.open());
            }
        };
    }
}
