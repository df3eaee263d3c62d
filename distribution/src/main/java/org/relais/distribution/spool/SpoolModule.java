package org.relais.distribution.spool;

import com.google.inject.AbstractModule;
import org.relais.spool.Spool;

/** The spool, which whoever starts the server opened and closes. */
public final class SpoolModule extends AbstractModule {
    private final OpenSpool spool;

    public SpoolModule(OpenSpool spool) {
        this.spool = spool;
    }

    @Override
    protected void configure() {
        bind(Spool.class).toInstance(spool.spool());
    }
}
