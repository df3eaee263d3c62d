package org.relais.distribution.delivery;

import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.relais.configuration.settings.DeliverySettings;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.delivery.Outcome;
import org.relais.delivery.engine.Retries;
import org.relais.delivery.reply.ReplyClass;
import org.relais.delivery.reply.ReplyClassifier;
import org.relais.delivery.retry.RetryTable;
import org.relais.delivery.schedule.SchedulePolicy;
import org.relais.mailets.delivery.RelaySettings;
import org.relais.smtpclient.ClientSettings;

/** From relais.xml to what the delivery is made with. */
public final class DeliveryMapping {
    /** Sessions, chain and delivery are drained one after the other; the sessions' bound is the longest. */
    public static final int DRAIN_SHARE = 4;

    private static final double JITTER = 0.1;
    private static final Pattern CODE = Pattern.compile("([2-5]\\d\\d)[ -].*");

    private DeliveryMapping() {}

    /** @throws IOException if a credentials file cannot be read; the message names it, never its content */
    public static RelaySettings relay(RelaisSettings settings) throws IOException {
        return new RelaySettings(
                RouteMapping.routes(settings)::routeOf, retries(settings.delivery()), settings.hostname());
    }

    private static Retries retries(DeliverySettings delivery) {
        RetryTable table = new RetryTable(
                RetryTable.rules(List.of(), delivery.retrySchedule()),
                delivery.expiry(),
                Duration.ZERO,
                JITTER,
                RandomGenerator.getDefault());
        return (domain, outcome, attempts, age) -> table.next(domain, classOf(outcome), attempts, age);
    }

    private static ReplyClass classOf(Outcome outcome) {
        Matcher code = CODE.matcher(outcome.text());
        return ReplyClassifier.classify(
                outcome.status(), code.matches() ? Integer.parseInt(code.group(1)) : 0, outcome.text());
    }

    static Duration drain(RelaisSettings settings) {
        return settings.limits().drainTimeout().dividedBy(DRAIN_SHARE);
    }

    static SchedulePolicy schedule(RelaisSettings settings) {
        return SchedulePolicy.standard(ZoneId.systemDefault());
    }

    static ClientSettings client(RelaisSettings settings) {
        return ClientSettings.STANDARD;
    }
}
