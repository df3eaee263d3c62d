package org.relais.distribution.foundation;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.jvm.GarbageCollectorMetricSet;
import com.codahale.metrics.jvm.MemoryUsageGaugeSet;
import com.codahale.metrics.jvm.ThreadStatesGaugeSet;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.dropwizard.DropwizardExports;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import javax.inject.Inject;

/** The registry's metrics and the JVM's, in Prometheus's text format 0.0.4. Safe for use by many threads. */
public final class PrometheusText {
    private final CollectorRegistry collectors = new CollectorRegistry();

    @Inject
    public PrometheusText(MetricRegistry registry) {
        registry.registerAll("jvm.memory", new MemoryUsageGaugeSet());
        registry.registerAll("jvm.threads", new ThreadStatesGaugeSet());
        registry.registerAll("jvm.gc", new GarbageCollectorMetricSet());
        collectors.register(new DropwizardExports(registry));
    }

    public String render() {
        StringWriter text = new StringWriter();
        try {
            TextFormat.write004(text, collectors.metricFamilySamples());
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter does not fail", e);
        }
        return text.toString();
    }
}
