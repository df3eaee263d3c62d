package org.relais.chain.james;

import java.util.Iterator;
import java.util.Map;
import javax.mail.MessagingException;
import org.apache.james.mailetcontainer.api.MailetLoader;
import org.apache.mailet.Mailet;
import org.apache.mailet.MailetConfig;
import org.apache.mailet.MailetContext;

/** Lets chains written for stock James use our delivery, our Forward and our DSNBounce: James's names stand for our mailets. */
public final class AliasingMailetLoader implements MailetLoader {
    /** From the name in the chain to the mailet that does it here. */
    public static final Map<String, String> ALIASES = Map.of(
            "RemoteDelivery", "org.relais.mailets.delivery.RelayDelivery",
            "org.apache.james.transport.mailets.RemoteDelivery", "org.relais.mailets.delivery.RelayDelivery",
            "LocalDelivery", "org.relais.mailets.delivery.MailboxDelivery",
            "org.apache.james.transport.mailets.LocalDelivery", "org.relais.mailets.delivery.MailboxDelivery",
            "Forward", "org.relais.mailets.rewriting.Forward",
            "org.apache.james.transport.mailets.Forward", "org.relais.mailets.rewriting.Forward",
            "DSNBounce", "org.relais.mailets.delivery.DSNBounce",
            "org.apache.james.transport.mailets.DSNBounce", "org.relais.mailets.delivery.DSNBounce");

    private final MailetLoader loader;

    public AliasingMailetLoader(MailetLoader loader) {
        this.loader = loader;
    }

    @Override
    public Mailet getMailet(MailetConfig config) throws MessagingException {
        String alias = ALIASES.get(config.getMailetName());
        return loader.getMailet(alias == null ? config : new Renamed(config, alias));
    }

    private record Renamed(MailetConfig config, String name) implements MailetConfig {
        @Override
        public String getInitParameter(String parameter) {
            return config.getInitParameter(parameter);
        }

        @Override
        public Iterator<String> getInitParameterNames() {
            return config.getInitParameterNames();
        }

        @Override
        public MailetContext getMailetContext() {
            return config.getMailetContext();
        }

        @Override
        public String getMailetName() {
            return name;
        }
    }
}
