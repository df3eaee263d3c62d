package org.relais.access.smtp.james.hooks;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.apache.james.protocols.api.OidcSASLConfiguration;
import org.apache.james.protocols.smtp.SMTPConfiguration;
import org.relais.access.smtp.Role;
import org.relais.access.smtp.SmtpOptions;
import org.relais.access.transport.Network;

/** A listener's options as James's hooks ask for them. */
record ListenerConfiguration(SmtpOptions options) implements SMTPConfiguration {
    @Override
    public long getMaxMessageSize() {
        return options.messageOctets();
    }

    /** @param remoteIP an address; a name is not looked up */
    @Override
    public boolean isRelayingAllowed(String remoteIP) {
        if (options.role() != Role.SMTP || !remoteIP.matches("[0-9a-fA-F.:]+(%[^%]*)?")) {
            return false;
        }
        try {
            return Network.anyContains(options.relayFrom(), InetAddress.getByName(remoteIP));
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public boolean isAuthAnnounced(String remoteIP, boolean tlsStarted) {
        return tlsStarted && options.role() != Role.LMTP;
    }

    @Override
    public boolean useHeloEhloEnforcement() {
        return true;
    }

    @Override
    public boolean useAddressBracketsEnforcement() {
        return false;
    }

    @Override
    public boolean isPlainAuthEnabled() {
        return options.role() != Role.LMTP;
    }

    @Override
    public Optional<OidcSASLConfiguration> saslConfiguration() {
        return Optional.empty();
    }

    @Override
    public String getGreeting() {
        return options.hostname();
    }

    @Override
    public String getSoftwareName() {
        return "Relais";
    }

    @Override
    public String getHelloName() {
        return options.hostname();
    }
}
