package org.relais.chain.step;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.relais.spool.Disposition;
import org.relais.spool.Origin;

/**
 * What the chain knows of a mailet by its class, which decides what is committed after it and how it is counted. What
 * is not known is taken for the worst: it has effects outside of the mail, and what it ends is discarded.
 */
public final class KnownMailets {
    private static final String JAMES = "org.apache.james.transport.mailets.";

    /**
     * They look at the mail and change it: header, body, attributes, state, recipients; some make mails, which the chain
     * commits anyway. To run them again after a crash is harmless, so that their steps are committed with a later one.
     */
    private static final Set<String> WITHIN_THE_MAIL = Stream.concat(
                    james(
                            "ToProcessor",
                            "WithStorageDirective",
                            "WithPriority",
                            "SetErrorMessage",
                            "ClassifyBounce",
                            "PostmasterAlias",
                            "RecipientRewriteTable",
                            "RecipientToLowerCase",
                            "AddDeliveredToHeader",
                            "AddSubjectPrefix",
                            "AddHabeasWarrantMark",
                            "SetMimeHeader",
                            "RemoveMimeHeader",
                            "RemoveMimeHeaderByPrefix",
                            "Expires",
                            "MailAttributesToMimeHeaders",
                            "MailAttributesListToMimeHeaders",
                            "AddFooter",
                            "ReplaceContent",
                            "OnlyText",
                            "ToPlainText",
                            "WrapText",
                            "UnwrapText",
                            "RecoverAttachment",
                            "MimeDecodingMailet",
                            "SetMailAttribute",
                            "RemoveMailAttribute",
                            "RemoveAllMailAttributes",
                            "Sieve",
                            "VacationMailet",
                            "ContactExtractor",
                            "SPF",
                            "MetricsMailet",
                            "LogMessage",
                            "Null",
                            "PropagateError",
                            "debug.Identity",
                            "debug.Counter",
                            "debug.DumpSystemErr",
                            "debug.ExceptionThrowingMailet"),
                    Stream.of(
                            "org.apache.james.jdkim.mailets.ConvertTo7Bit",
                            "org.apache.james.jdkim.mailets.DKIMSign",
                            "org.apache.james.jdkim.mailets.DKIMVerify"))
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<String> BOUNCING = Stream.concat(
                    james("Bounce", "DSNBounce"), Stream.of("org.relais.mailets.delivery.DSNBounce"))
            .collect(Collectors.toUnmodifiableSet());
    private static final Set<String> NOTIFYING =
            james("NotifyPostmaster", "NotifySender").collect(Collectors.toUnmodifiableSet());
    private static final Set<String> FORWARDING = Stream.concat(
                    james("Forward", "Resend", "Redirect"), Stream.of("org.relais.mailets.rewriting.Forward"))
            .collect(Collectors.toUnmodifiableSet());
    private static final Set<String> REPLYING =
            james("VacationMailet", "ServerTime").collect(Collectors.toUnmodifiableSet());
    private static final Set<String> EXPANDING =
            james("RecipientRewriteTable", "UseHeaderRecipients", "Requeue").collect(Collectors.toUnmodifiableSet());
    private static final Set<String> DELIVERING = Stream.concat(
                    james("LocalDelivery", "ToRecipientFolder", "ToSenderFolder", "RemoteDelivery"),
                    Stream.of("org.relais.mailets.delivery.MailboxDelivery"))
            .collect(Collectors.toUnmodifiableSet());
    private static final Set<String> KEEPING =
            james("ToRepository", "ToSenderDomainRepository").collect(Collectors.toUnmodifiableSet());

    private KnownMailets() {}

    /** Whether its step need not be committed for its own sake. */
    public static boolean staysWithinTheMail(String mailet) {
        return WITHIN_THE_MAIL.contains(mailet);
    }

    /**
     * Whether the mails it makes are committed one by one as it makes them: after each it deletes what the mail was made
     * of, so that a crash before a common commit would lose mails.
     */
    public static boolean needsItsMailsAtOnce(String mailet) {
        return mailet.equals(JAMES + "FromRepository");
    }

    /** Why a mail exists that {@code mailet} made. */
    public static Origin originOf(String mailet, boolean isNullReversePath) {
        if (BOUNCING.contains(mailet)) {
            return Origin.DSN;
        } else if (FORWARDING.contains(mailet)) {
            return Origin.FORWARD;
        } else if (REPLYING.contains(mailet)) {
            return Origin.REPLY;
        } else if (EXPANDING.contains(mailet)) {
            return Origin.EXPANSION;
        } else if (mailet.equals(JAMES + "Sieve")) {
            return isNullReversePath ? Origin.REPLY : Origin.FORWARD;
        }
        return (NOTIFYING.contains(mailet) || DELIVERING.contains(mailet)) && isNullReversePath
                ? Origin.DSN
                : Origin.COPY;
    }

    /** How a forward-path leaves that {@code mailet} ended, while it made mails of the origins {@code made}. */
    public static Disposition dispositionOf(String mailet, Set<Origin> made) {
        if (DELIVERING.contains(mailet)) {
            return Disposition.DELIVERED;
        } else if (KEEPING.contains(mailet)) {
            return Disposition.QUARANTINED;
        } else if (BOUNCING.contains(mailet)) {
            return made.contains(Origin.DSN) ? Disposition.FAILED_WITH_DSN : Disposition.FAILED_SILENTLY;
        } else if (made.contains(Origin.FORWARD) || made.contains(Origin.EXPANSION)) {
            return Disposition.REPLACED;
        }
        return Disposition.DISCARDED;
    }

    /**
     * As {@link #dispositionOf(String, Set)}, where it was known before how the forward-path ends: one that failed has
     * failed, and a DSN on the way was a DSN. But what is kept in a repository is not gone.
     */
    public static Disposition dispositionOf(String mailet, Set<Origin> made, Optional<Disposition> known) {
        Disposition here = dispositionOf(mailet, made);
        return here == Disposition.QUARANTINED ? dispositionOfKept(known) : known.orElse(here);
    }

    /** How a forward-path leaves whose mail was put into a repository. */
    public static Disposition dispositionOfKept(Optional<Disposition> known) {
        return known.filter(ending -> ending != Disposition.FAILED_SILENTLY).orElse(Disposition.QUARANTINED);
    }

    /** What is known about the ending once a step has made mails of the origins {@code made}. */
    public static Optional<Disposition> known(Optional<Disposition> before, Set<Origin> made) {
        return before.filter(ending -> ending == Disposition.FAILED_SILENTLY && made.contains(Origin.DSN))
                .map(silently -> Disposition.FAILED_WITH_DSN)
                .or(() -> before);
    }

    private static Stream<String> james(String... names) {
        return Stream.of(names).map(name -> JAMES + name);
    }
}
