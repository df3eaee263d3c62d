package org.relais.distribution.foundation;

import com.codahale.metrics.MetricRegistry;
import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import org.apache.james.metrics.api.GaugeRegistry;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.metrics.dropwizard.DropWizardGaugeRegistry;
import org.relais.journal.AllMailEvents;
import org.relais.journal.CountedMailEvents;
import org.relais.journal.LoggedMailEvents;
import org.relais.model.QueueIdGenerator;
import org.relais.model.event.MailEvents;

/** Clock, metrics, queue ids, and the port through which every step of a mail passes. */
public final class EventsModule extends AbstractModule {
    @Override
    protected void configure() {
        bind(MetricRegistry.class).in(Singleton.class);
        bind(MetricFactory.class).to(RegistryMetricFactory.class).in(Singleton.class);
        bind(Clock.class).toInstance(Clock.systemUTC());
        bind(InstantSource.class).to(Clock.class);
    }

    @Provides
    @Singleton
    GaugeRegistry gauges(MetricRegistry registry) {
        return new DropWizardGaugeRegistry(registry);
    }

    @Provides
    @Singleton
    QueueIdGenerator queueIds(InstantSource clock) {
        return new QueueIdGenerator(clock);
    }

    @Provides
    @Singleton
    MailEvents events(MetricRegistry registry) {
        return new AllMailEvents(List.of(new CountedMailEvents(registry), new LoggedMailEvents()));
    }
}
