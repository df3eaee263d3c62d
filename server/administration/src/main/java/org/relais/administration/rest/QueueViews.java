package org.relais.administration.rest;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.relais.administration.port.QueueAdministration.QueueOutcome;
import org.relais.administration.port.QueueAdministration.QueuePage;
import org.relais.administration.port.QueueDamage;
import org.relais.administration.port.QueueStatistics;
import org.relais.administration.port.QueuedEnvelope;
import org.relais.administration.port.QueuedEnvelope.Status;
import org.relais.administration.port.QueuedMail;

/** The JSON form of what is in the spool: members are added, never renamed. */
final class QueueViews {
    private QueueViews() {}

    static Map<String, @Nullable Object> view(QueuePage page) {
        var members = object();
        members.put("envelopes", page.envelopes().stream().map(QueueViews::view).toList());
        members.put("damaged", damages(page.damages()));
        members.put("next", page.next());
        members.put("asOf", page.asOf().toString());
        return members;
    }

    static Map<String, @Nullable Object> view(QueuedEnvelope envelope) {
        var members = object();
        members.put("id", envelope.queueId());
        members.put("envelope", envelope.number());
        members.put("stage", envelope.stage());
        members.put("status", envelope.status().word());
        members.put("sender", envelope.sender());
        members.put("recipient", envelope.recipient());
        members.put("size", envelope.size() < 0 ? null : envelope.size());
        members.put("attempts", envelope.attempts());
        members.put("priority", envelope.priority());
        members.put("origin", envelope.origin());
        members.put("created", envelope.created().toString());
        members.put("nextAttempt", envelope.status() == Status.WAITING ? text(envelope.nextAttempt()) : null);
        members.put("removed", text(envelope.removed()));
        members.put("reason", envelope.reason());
        return members;
    }

    static Map<String, @Nullable Object> view(QueuedMail mail) {
        var members = object();
        members.put("id", mail.queueId());
        members.put("complete", mail.isComplete());
        members.put("envelopes", mail.parts().stream().map(QueueViews::view).toList());
        members.put("messages", mail.messages().stream().map(QueueViews::view).toList());
        return members;
    }

    private static Map<String, @Nullable Object> view(QueuedMail.Part part) {
        var members = view(part.envelope());
        members.put("message", part.message());
        members.put("mail", part.name());
        members.put("processor", part.processor());
        members.put("error", part.error());
        members.put("client", part.client());
        members.put("delivery", part.delivery());
        members.put("ending", part.ending());
        members.put("attributes", new TreeMap<>(part.attributes()));
        members.put("ownFields", part.ownFields());
        members.put("problem", part.problem());
        return members;
    }

    private static Map<String, @Nullable Object> view(QueuedMail.Message message) {
        var members = object();
        members.put("message", message.number());
        members.put("size", message.size() < 0 ? null : message.size());
        members.put("header", message.header());
        members.put("problem", message.problem());
        return members;
    }

    static Map<String, @Nullable Object> view(QueueOutcome outcome) {
        var members = object();
        members.put("done", outcome.done());
        members.put("unchanged", outcome.unchanged());
        members.put("busy", outcome.busy());
        members.put("missing", outcome.missing());
        members.put("next", outcome.next());
        members.put("asOf", outcome.asOf().toString());
        members.put("restorableUntil", text(outcome.restorableUntil()));
        return members;
    }

    static Map<String, @Nullable Object> view(QueueStatistics statistics) {
        var members = object();
        members.put("asOf", statistics.asOf().toString());
        members.put("came", statistics.came());
        members.put("left", statistics.left());
        members.put("inSpool", statistics.inSpool());
        members.put("difference", statistics.difference());
        members.put("addsUp", statistics.addsUp());
        var state = statistics.state();
        members.put("accepting", state.refusal() == null);
        members.put("refusal", state.refusal());
        members.put("holdingAll", state.isHoldingAll());
        members.put("held", state.held());
        members.put("inWork", state.inWork());
        members.put("removed", state.removed());
        members.put("bytesOnDisk", state.bytesOnDisk());
        members.put("syncs", state.syncs());
        members.put("commits", state.commits());
        members.put("damagedCount", state.damaged());
        members.put("damaged", damages(statistics.damages()));
        members.put("byStage", statistics.byStage());
        members.put("oldest", text(statistics.oldest()));
        members.put(
                "destinations",
                statistics.destinations().stream().map(QueueViews::view).toList());
        return members;
    }

    private static Map<String, @Nullable Object> view(QueueStatistics.Destination destination) {
        var members = object();
        members.put("domain", destination.domain());
        members.put("envelopes", destination.envelopes());
        members.put("oldest", destination.oldest().toString());
        return members;
    }

    private static List<Map<String, @Nullable Object>> damages(List<QueueDamage> damages) {
        return damages.stream().map(QueueViews::view).toList();
    }

    private static Map<String, @Nullable Object> view(QueueDamage damage) {
        var members = object();
        members.put("place", damage.place());
        members.put("file", damage.file());
        members.put("offset", damage.offset());
        members.put("what", damage.what());
        members.put("id", damage.queueId());
        return members;
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static Map<String, @Nullable Object> object() {
        return new LinkedHashMap<>();
    }
}
