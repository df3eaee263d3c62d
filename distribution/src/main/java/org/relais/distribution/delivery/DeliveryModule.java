package org.relais.distribution.delivery;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import java.io.IOException;
import org.relais.configuration.home.Home;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.delivery.control.ControlFile;
import org.relais.delivery.control.DeliveryControl;
import org.relais.delivery.dsn.DsnSettings;
import org.relais.delivery.engine.Deliveries;
import org.relais.delivery.engine.Notices;
import org.relais.mailets.delivery.RelaySettings;
import org.relais.model.QueueIdGenerator;
import org.relais.model.event.MailEvents;
import org.relais.spool.Spool;

/** What delivers to other hosts, and what the chain's deliveries are made with. */
public final class DeliveryModule extends AbstractModule {
    private final RelaySettings relay;

    public DeliveryModule(RelaySettings relay) {
        this.relay = relay;
    }

    @Override
    protected void configure() {
        bind(RelaySettings.class).toInstance(relay);
        bind(Deliveries.class).in(Singleton.class);
    }

    @Provides
    @Singleton
    DeliveryControl control(Home home, Spool spool) throws IOException {
        return DeliveryControl.open(new ControlFile(home.data().resolve("delivery.json")), spool::now);
    }

    @Provides
    @Singleton
    DsnSettings notifications(RelaisSettings settings) {
        return DeliveryMapping.notifications(settings);
    }

    @Provides
    @Singleton
    Notices notices(DsnSettings dsn, RelaisSettings settings, QueueIdGenerator ids) {
        return new Notices(dsn, settings.delivery().warnAfter(), ids);
    }

    @Provides
    @Singleton
    OutgoingDelivery delivery(
            RelaisSettings settings,
            Spool spool,
            Deliveries deliveries,
            DeliveryControl control,
            Notices notices,
            MailEvents events)
            throws IOException {
        return new OutgoingDelivery(
                settings, spool, deliveries, control, notices, events, DeliveryMapping.drain(settings));
    }
}
