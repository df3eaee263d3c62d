package org.relais.access.listener;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mailet.AttributeValue;
import org.relais.spool.BrowseFilter;
import org.relais.spool.Envelope;
import org.relais.spool.MessageId;
import org.relais.spool.Page;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.mail.MailState;

/** A mail as it lies in the spool: its bytes, one character each, and its envelopes. */
record SpooledMail(List<Envelope> envelopes, String text) {

    static List<SpooledMail> in(Spool spool) throws SpoolException {
        Map<MessageId, List<Envelope>> messages = new LinkedHashMap<>();
        for (Page.Entry entry :
                spool.browse(BrowseFilter.ALL, Optional.empty(), 1000).entries()) {
            Envelope envelope = ((Page.Entry.Item) entry).envelope();
            messages.computeIfAbsent(envelope.message(), id -> new ArrayList<>())
                    .add(envelope);
        }
        List<SpooledMail> mails = new ArrayList<>();
        for (Map.Entry<MessageId, List<Envelope>> message : messages.entrySet()) {
            mails.add(new SpooledMail(message.getValue(), text(spool, message.getKey())));
        }
        return mails;
    }

    private static String text(Spool spool, MessageId id) throws SpoolException {
        try (InputStream in = spool.content(id).open()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return envelopes.get(0).queueId().value();
    }

    MailState state() {
        return MailState.of(envelopes.get(0).details());
    }

    Object attribute(String name) {
        try {
            return AttributeValue.fromJsonString(state().attributes().get(name)).value();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> forwardPaths() {
        return envelopes.stream()
                .map(envelope -> envelope.details().forwardPath())
                .toList();
    }
}
