package org.relais.configuration.relaisxml;

import java.time.Duration;
import java.util.List;
import org.relais.configuration.schema.RelaisSchema;
import org.relais.configuration.settings.DeliverySettings;
import org.relais.configuration.settings.RateSettings;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.configuration.settings.RetrySettings;

/** What settings of delivery say that makes no sense together. */
final class DeliveryRules {
    private final DeliverySettings settings;
    private final Report report;

    DeliveryRules(RelaisSettings settings, Report report) {
        this.settings = settings.delivery();
        this.report = report;
    }

    void check(Values values) {
        if (settings.concurrency() > settings.connections()) {
            report.error(
                    values.line(
                            values.isGiven(RelaisSchema.DELIVERY_CONCURRENCY)
                                    ? RelaisSchema.DELIVERY_CONCURRENCY
                                    : RelaisSchema.DELIVERY_CONNECTIONS),
                    "concurrency (" + settings.concurrency() + ") is more than connections (" + settings.connections()
                            + ")",
                    "write at most " + settings.connections() + " into <concurrency>");
        }
        if (settings.warnAfter().compareTo(settings.expiry()) >= 0 && values.isGiven(RelaisSchema.WARN_AFTER)) {
            report.notice(
                    values.line(RelaisSchema.WARN_AFTER),
                    "a mail expires before its sender would be told of its delay",
                    "write a warnAfter shorter than <expiry>, or 0s for never");
        }
        for (int i = 0; i < settings.retries().size(); i++) {
            retry(settings.retries().get(i), settings.retries().subList(0, i));
        }
        for (int i = 0; i < settings.rates().size(); i++) {
            rate(settings.rates().get(i), settings.rates().subList(0, i));
        }
    }

    private void retry(RetrySettings retry, List<RetrySettings> earlier) {
        Duration expiry = retry.expiry() == null ? settings.expiry() : retry.expiry();
        if (expiry.compareTo(retry.schedule().get(0)) <= 0) {
            report.error(
                    retry.line(),
                    "such a mail expires before its second attempt",
                    "make expiry longer than the first wait of schedule");
        }
        earlier.stream()
                .filter(other -> (other.domain().equals("*") || other.domain().equalsIgnoreCase(retry.domain()))
                        && (other.error() == null || other.error() == retry.error())
                        && other.youngerThan() == null)
                .findFirst()
                .ifPresent(other -> report.error(
                        retry.line(),
                        "this retry is never used: the one in line " + other.line() + " is for the same mails",
                        "delete it, or put it before that one"));
    }

    private void rate(RateSettings rate, List<RateSettings> earlier) {
        earlier.stream()
                .filter(other -> other.to().equals("*") || other.to().equalsIgnoreCase(rate.to()))
                .findFirst()
                .ifPresent(other -> report.error(
                        rate.line(),
                        "this rate is never used: the one in line " + other.line() + " is for the same destinations",
                        "delete it, or put it before that one"));
    }
}
