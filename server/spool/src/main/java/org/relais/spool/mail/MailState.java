package org.relais.spool.mail;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.relais.spool.Disposition;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.OpaqueState;

/**
 * The state of a mail as the chain and the delivery know it, kept with each of its envelopes. Envelopes of the same
 * message that differ in nothing but {@link #ownFields} and {@code NOTIFY} and {@code ORCPT} of {@link #dsn} are one mail to the chain.
 *
 * @param name the mail's name in James's terms: the queue id, or that of a part
 * @param processor where it goes on in the chain; James's {@code Mail.getState()}
 * @param error why it went to an error processor; empty if it did not
 * @param remoteHost the client's name or address
 * @param attributes by name, in James's JSON form ({@code AttributeValue.toJson})
 * @param prefix header fields with their CRLFs that stand on top of the message's bytes, each char an octet
 * @param ownFields header fields ({@code Name: value}) for this forward-path alone
 * @param delivery which delivery of the chain sends it, in the stage {@code DELIVERY}; else empty
 * @param ending how the envelope leaves the spool when the chain ends it, if that is known before; null if the step
 *     that ends it decides
 * @param dsn what the sender asks for
 */
public record MailState(
        String name,
        String processor,
        String error,
        String remoteHost,
        String remoteAddress,
        Instant lastUpdated,
        Map<String, String> attributes,
        String prefix,
        List<String> ownFields,
        String delivery,
        @Nullable Disposition ending,
        DsnRequest dsn) {

    public MailState {
        attributes = Map.copyOf(attributes);
        ownFields = List.copyOf(ownFields);
    }

    /** A mail that was just received. */
    public static MailState received(
            String name, String clientAddress, Instant receivedAt, Map<String, String> attributes) {
        return new MailState(
                name,
                "root",
                "",
                clientAddress,
                clientAddress,
                receivedAt,
                attributes,
                "",
                List.of(),
                "",
                null,
                DsnRequest.NONE);
    }

    /**
     * @throws IllegalArgumentException if it exceeds {@link OpaqueState#MAX_BYTES}
     */
    public OpaqueState encode() {
        return MailStateCodec.encode(this);
    }

    /**
     * @throws IllegalArgumentException if the envelope's state is not one of a mail, or of a newer version
     */
    public static MailState of(EnvelopeDetails details) {
        return details.state().as(MailState.class, MailStateCodec::decode);
    }

    /** Without what is for one forward-path alone: what makes envelopes one mail. */
    public MailState common() {
        return ownFields.isEmpty() && dsn.ofMail().equals(dsn)
                ? this
                : with(attributes, List.of(), delivery, ending, dsn.ofMail());
    }

    public MailState withAttributes(Map<String, String> changed) {
        return with(changed, ownFields, delivery, ending, dsn);
    }

    public MailState withOwnFields(List<String> changed) {
        return with(attributes, changed, delivery, ending, dsn);
    }

    public MailState withDelivery(String changed) {
        return with(attributes, ownFields, changed, ending, dsn);
    }

    public MailState withEnding(@Nullable Disposition changed) {
        return with(attributes, ownFields, delivery, changed, dsn);
    }

    public MailState withDsn(DsnRequest changed) {
        return with(attributes, ownFields, delivery, ending, changed);
    }

    private MailState with(
            Map<String, String> newAttributes,
            List<String> newOwnFields,
            String newDelivery,
            @Nullable Disposition newEnding,
            DsnRequest newDsn) {
        return new MailState(
                name,
                processor,
                error,
                remoteHost,
                remoteAddress,
                lastUpdated,
                newAttributes,
                prefix,
                newOwnFields,
                newDelivery,
                newEnding,
                newDsn);
    }
}
