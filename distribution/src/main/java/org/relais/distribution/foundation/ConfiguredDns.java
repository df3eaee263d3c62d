package org.relais.distribution.foundation;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.james.dnsservice.dnsjava.DNSJavaService;
import org.apache.james.metrics.api.MetricFactory;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;

/**
 * James's DNS service with the servers of relais.xml, ports included, and with a deadline; without any: the system's.
 *
 * <p>It leaves dnsjava's static defaults alone, so that several servers can live in one JVM. Safe for use by many
 * threads once it is started.
 */
public final class ConfiguredDns extends DNSJavaService {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int RETRIES = 2;

    private final List<InetSocketAddress> servers;

    /** @param servers to be asked in turn; none: those of the system */
    public ConfiguredDns(MetricFactory metrics, List<InetSocketAddress> servers) {
        super(metrics);
        this.servers = List.copyOf(servers);
    }

    /** @throws Exception as James's own start does */
    public void start() throws Exception {
        BaseHierarchicalConfiguration configuration = new BaseHierarchicalConfiguration();
        configuration.addProperty("setAsDNSJavaDefault", false);
        configuration.addProperty("autodiscover", servers.isEmpty());
        servers.forEach(server -> configuration.addProperty("servers.server", server.getHostString()));
        configure(configuration);
        init();
        if (!servers.isEmpty()) {
            resolver = new ExtendedResolver(
                    servers.stream().map(SimpleResolver::new).toArray(Resolver[]::new));
        }
        resolver.setTimeout(TIMEOUT);
        if (resolver instanceof ExtendedResolver extended) {
            extended.setRetries(RETRIES);
        }
    }
}
