package org.relais.distribution.delivery;

import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.relais.configuration.settings.BounceLanguage;
import org.relais.configuration.settings.DeliverySettings;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.configuration.settings.RetrySettings;
import org.relais.delivery.Outcome;
import org.relais.delivery.dsn.DsnSettings;
import org.relais.delivery.engine.Retries;
import org.relais.delivery.reply.ReplyClass;
import org.relais.delivery.reply.ReplyClassifier;
import org.relais.delivery.retry.RetryRule;
import org.relais.delivery.retry.RetryTable;
import org.relais.delivery.schedule.DestinationPattern;
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
                RetryTable.rules(
                        delivery.retries().stream().map(DeliveryMapping::rule).toList(), delivery.retrySchedule()),
                delivery.expiry(),
                delivery.warnAfter(),
                JITTER,
                RandomGenerator.getDefault());
        return new ByTable(table);
    }

    private record ByTable(RetryTable table) implements Retries {
        @Override
        public Optional<Duration> after(String domain, Outcome outcome, int attempts, Duration age) {
            return table.next(domain, classOf(outcome), attempts, age);
        }

        @Override
        public Optional<Duration> expiry(String domain, Outcome outcome, Duration age) {
            return Optional.of(table.expiry(domain, classOf(outcome), age));
        }
    }

    private static RetryRule rule(RetrySettings retry) {
        return new RetryRule(
                new DestinationPattern(retry.domain()),
                retry.error() == null
                        ? Set.of()
                        : Set.of(ReplyClass.valueOf(retry.error().name())),
                orZero(retry.youngerThan()),
                retry.schedule(),
                orZero(retry.expiry()));
    }

    private static Duration orZero(@Nullable Duration duration) {
        return duration == null ? Duration.ZERO : duration;
    }

    private static ReplyClass classOf(Outcome outcome) {
        Matcher code = CODE.matcher(outcome.text());
        return ReplyClassifier.classify(
                outcome.status(), code.matches() ? Integer.parseInt(code.group(1)) : 0, outcome.text());
    }

    static DsnSettings notifications(RelaisSettings settings) {
        DeliverySettings delivery = settings.delivery();
        return new DsnSettings(
                settings.hostname(),
                delivery.bounceSender(),
                delivery.bounceLanguage() == BounceLanguage.FR ? Locale.FRENCH : Locale.ENGLISH,
                DsnSettings.USUAL_RETURNED);
    }

    static Duration drain(RelaisSettings settings) {
        return settings.limits().drainTimeout().dividedBy(DRAIN_SHARE);
    }

    static SchedulePolicy schedule(RelaisSettings settings) {
        DeliverySettings delivery = settings.delivery();
        return SchedulePolicy.standard(ZoneId.systemDefault())
                .withConnections(delivery.connections(), delivery.concurrency())
                .withRates(delivery.rates().stream()
                        .map(rate ->
                                new SchedulePolicy.Rate(new DestinationPattern(rate.to()), rate.mails(), rate.per()))
                        .toList());
    }

    static ClientSettings client(RelaisSettings settings) {
        ClientSettings standard = ClientSettings.STANDARD;
        DeliverySettings delivery = settings.delivery();
        return new ClientSettings(
                // Idle ones of other destinations stay open beside those that are under way.
                2 * delivery.connections(),
                delivery.concurrency(),
                standard.idle(),
                standard.mailsPerConnection(),
                standard.timeouts(),
                standard.mostSilence(),
                standard.closing());
    }
}
