package org.relais.distribution.administration;

import java.net.InetSocketAddress;
import java.util.List;
import org.relais.administration.port.ListenerView;
import org.relais.configuration.settings.TlsMode;
import org.relais.distribution.listener.Listeners;

/** Listeners as the administration shows them. */
public final class ListenerViews {
    private ListenerViews() {}

    public static List<ListenerView> of(List<Listeners.Bound> bound) {
        return bound.stream()
                .map(one -> view(
                        one.listener().protocol().word(),
                        one.address(),
                        tls(one.listener().tls())))
                .toList();
    }

    public static ListenerView administration(InetSocketAddress address) {
        return view("administration", address, ListenerView.Tls.NONE);
    }

    private static ListenerView view(String protocol, InetSocketAddress address, ListenerView.Tls tls) {
        return new ListenerView(protocol, address.getAddress().getHostAddress(), address.getPort(), tls);
    }

    private static ListenerView.Tls tls(TlsMode mode) {
        return switch (mode) {
            case NONE -> ListenerView.Tls.NONE;
            case STARTTLS -> ListenerView.Tls.STARTTLS;
            case IMPLICIT -> ListenerView.Tls.IMPLICIT;
        };
    }
}
