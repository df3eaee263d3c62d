package org.relais.distribution.foundation;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import java.time.Duration;
import javax.inject.Inject;
import org.apache.james.metrics.api.Metric;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.metrics.api.TimeMetric;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * James's metrics in the registry that the metrics page is made from: counters and timers, and no JMX, which James's own
 * factory cannot do without. Safe for use by many threads.
 */
public final class RegistryMetricFactory implements MetricFactory {
    private final MetricRegistry registry;

    @Inject
    public RegistryMetricFactory(MetricRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Metric generate(String name) {
        return new RegistryCounter(registry.counter(name));
    }

    @Override
    public TimeMetric timer(String name) {
        return new RegistryTimer(name, registry.timer(name).time());
    }

    @Override
    public <T> Publisher<T> decoratePublisherWithTimerMetric(String name, Publisher<T> publisher) {
        if (publisher instanceof Mono<T> mono) {
            return Mono.using(() -> timer(name), any -> mono, TimeMetric::stopAndPublish);
        }
        return Flux.using(() -> timer(name), any -> publisher, TimeMetric::stopAndPublish);
    }

    @Override
    @Deprecated
    public <T> Publisher<T> decoratePublisherWithTimerMetricLogP99(String name, Publisher<T> publisher) {
        return decoratePublisherWithTimerMetric(name, publisher);
    }

    private record RegistryCounter(Counter counter) implements Metric {
        @Override
        public void increment() {
            counter.inc();
        }

        @Override
        public void decrement() {
            counter.dec();
        }

        @Override
        public void add(int value) {
            counter.inc(value);
        }

        @Override
        public void remove(int value) {
            counter.dec(value);
        }

        @Override
        public long getCount() {
            return counter.getCount();
        }

        /** A counter has no rate: whoever scrapes the metrics makes one. */
        @Override
        public double movingAverage() {
            return 0;
        }
    }

    private record RegistryTimer(String name, Timer.Context context) implements TimeMetric {
        @Override
        public ExecutionResult stopAndPublish() {
            return new Elapsed(Duration.ofNanos(context.stop()));
        }
    }

    private record Elapsed(Duration elasped) implements TimeMetric.ExecutionResult {
        @Override
        public TimeMetric.ExecutionResult logWhenExceedP99(Duration threshold) {
            return this;
        }
    }
}
