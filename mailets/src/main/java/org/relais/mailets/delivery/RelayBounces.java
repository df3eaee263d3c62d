package org.relais.mailets.delivery;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.mailet.AttributeValue;
import org.relais.delivery.Outcome;
import org.relais.spool.Disposition;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.Stage;
import org.relais.spool.mail.MailState;

/**
 * Hands envelopes that ended back to a processor of the chain: those that failed to the one that bounces, with the
 * attributes that James's bounce mailets and matchers read.
 */
final class RelayBounces {
    static final String ERROR = "delivery-error";
    private static final String ERROR_CODE = "delivery-error-code";
    /** The enhanced status code of the failure. */
    static final String STATUS = "relais.delivery.status";
    /** The host that replied; not there where none did. */
    static final String REMOTE = "relais.delivery.remote";

    /** When the last attempt was made, as ISO 8601 writes it; not there where that is not known. */
    static final String ATTEMPTED = "relais.delivery.attempted";

    private static final String IS_PERMANENT = "is-delivery-permanent-error";
    private static final Pattern HOP = Pattern.compile("(.*)\\[([^\\[\\]]*)]:\\d+");
    private static final Pattern CODE = Pattern.compile("(\\d{3})[ -].*");

    private final String bounceProcessor;
    private final Optional<String> onSuccess;

    RelayBounces(String bounceProcessor, Optional<String> onSuccess) {
        this.bounceProcessor = bounceProcessor;
        this.onSuccess = onSuccess;
    }

    /** In the processor that bounces. Until that has made a DSN, nobody was told. */
    EnvelopeDetails failed(EnvelopeDetails details, Outcome outcome, String hop, Optional<Instant> attempted) {
        MailState state = MailState.of(details);
        Map<String, String> attributes = new TreeMap<>(state.attributes());
        attributes.remove(ERROR_CODE);
        attributes.remove(REMOTE);
        attributes.remove(ATTEMPTED);
        attempted.ifPresent(at -> put(attributes, ATTEMPTED, AttributeValue.of(at.toString())));
        put(attributes, ERROR, AttributeValue.of(outcome.text()));
        put(attributes, STATUS, AttributeValue.of(outcome.status().toString()));
        put(attributes, IS_PERMANENT, AttributeValue.of(outcome instanceof Outcome.Failed));
        Matcher code = CODE.matcher(outcome.text());
        if (code.matches()) {
            put(attributes, ERROR_CODE, AttributeValue.of(Integer.parseInt(code.group(1))));
            put(attributes, REMOTE, AttributeValue.of(host(hop)));
        }
        return inChain(details, bounceProcessor, state, attributes, Disposition.FAILED_SILENTLY)
                .withReason(outcome.text());
    }

    /** In the processor {@code onSuccess}, where the chain names one. */
    Optional<EnvelopeDetails> delivered(EnvelopeDetails details) {
        return onSuccess.map(processor -> {
            MailState state = MailState.of(details);
            return inChain(details, processor, state, state.attributes(), Disposition.DELIVERED);
        });
    }

    /** Its name; without one, its address as RFC 5321 §4.1.3 writes it. */
    private static String host(String hop) {
        Matcher matcher = HOP.matcher(hop);
        if (!matcher.matches()) {
            return hop;
        }
        String name = matcher.group(1);
        String address = matcher.group(2);
        if (!name.isEmpty() && !name.equals(address)) {
            return name;
        }
        return address.contains(":") ? "[IPv6:" + address + "]" : "[" + address + "]";
    }

    private static EnvelopeDetails inChain(
            EnvelopeDetails details,
            String processor,
            MailState state,
            Map<String, String> attributes,
            Disposition ending) {
        MailState next = new MailState(
                state.name(),
                processor,
                state.error(),
                state.remoteHost(),
                state.remoteAddress(),
                state.lastUpdated(),
                attributes,
                state.prefix(),
                state.ownFields(),
                "",
                ending,
                state.dsn());
        return EnvelopeDetails.of(details.queueId(), details.reversePath(), details.forwardPath(), Stage.CHAIN)
                .withHeld(details.held())
                .withState(next.encode());
    }

    private static void put(Map<String, String> attributes, String name, AttributeValue<?> value) {
        value.toJson().ifPresent(json -> attributes.put(name, json.toString()));
    }
}
