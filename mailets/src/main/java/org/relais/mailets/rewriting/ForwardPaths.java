package org.relais.mailets.rewriting;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.mail.Address;
import javax.mail.MessagingException;
import javax.mail.internet.AddressException;
import javax.mail.internet.InternetAddress;
import org.apache.james.core.MailAddress;
import org.apache.james.transport.mailets.redirect.AddressExtractor;
import org.apache.james.transport.mailets.redirect.SpecialAddress;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A list of addresses as a chain writes it: mail addresses, and words that stand for addresses of the mail at hand.
 * Safe for use by many threads.
 */
final class ForwardPaths {
    private static final Logger LOGGER = LoggerFactory.getLogger(ForwardPaths.class);
    /** A chain writes them in lower case. */
    private static final List<String> WORDS =
            List.of("postmaster", "sender", "from", "replyto", "reversepath", "unaltered", "recipients", "to", "null");

    private final List<MailAddress> written;

    private ForwardPaths(List<MailAddress> written) {
        this.written = written;
    }

    static ForwardPaths parse(String text, MailetContext context) throws MessagingException {
        List<MailAddress> written =
                AddressExtractor.withContext(context).allowedSpecials(WORDS).extract(Optional.of(text));
        if (written.isEmpty()) {
            throw new MessagingException("no address in \"" + text + "\"");
        }
        return new ForwardPaths(List.copyOf(written));
    }

    /** Each once, in the order of the list; empty if all of them are words that stand for nobody here. */
    Set<MailAddress> of(Mail mail) throws MessagingException {
        if (written.equals(List.of(SpecialAddress.UNALTERED))) {
            return new LinkedHashSet<>(mail.getRecipients());
        }
        Set<MailAddress> all = new LinkedHashSet<>();
        for (MailAddress one : written) {
            if (!SpecialAddress.isSpecialAddress(one)) {
                all.add(one);
            } else if (one.equals(SpecialAddress.REPLY_TO)) {
                all.addAll(replyTo(mail));
            } else if (isOneOf(one, SpecialAddress.SENDER, SpecialAddress.FROM, SpecialAddress.REVERSE_PATH)) {
                mail.getMaybeSender().asOptional().ifPresent(all::add);
            } else if (isOneOf(one, SpecialAddress.RECIPIENTS, SpecialAddress.TO)) {
                all.addAll(mail.getRecipients());
            }
        }
        return all;
    }

    private static boolean isOneOf(MailAddress one, MailAddress... words) {
        return Arrays.asList(words).contains(one);
    }

    /** Reply-To:, or From:; without either the reverse-path. */
    private static List<MailAddress> replyTo(Mail mail) throws MessagingException {
        Address[] fields;
        try {
            fields = mail.getMessage().getReplyTo();
        } catch (AddressException unreadable) {
            LOGGER.warn("mail {}: its Reply-To: cannot be read and is left out", mail.getName(), unreadable);
            return List.of();
        }
        if (fields == null || fields.length == 0) {
            return mail.getMaybeSender().asList();
        }
        return Stream.of(fields).flatMap(field -> address(mail, field)).toList();
    }

    private static Stream<MailAddress> address(Mail mail, Address field) {
        try {
            return Stream.of(new MailAddress((InternetAddress) field));
        } catch (AddressException unusable) {
            LOGGER.warn("mail {}: {} in its Reply-To: is no address and is left out", mail.getName(), field, unusable);
            return Stream.empty();
        }
    }
}
