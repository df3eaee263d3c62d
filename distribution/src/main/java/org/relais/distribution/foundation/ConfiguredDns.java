package org.relais.distribution.foundation;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.james.dnsservice.api.TemporaryResolutionException;
import org.apache.james.dnsservice.dnsjava.DNSJavaService;
import org.apache.james.metrics.api.MetricFactory;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

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

    /**
     * The TXT records of a name, the strings of each joined (RFC 7208 §3.3, RFC 6376 §3.6.2.2); none if there is no such
     * name.
     *
     * @throws TemporaryResolutionException if the servers do not answer
     */
    public List<String> text(String name) throws TemporaryResolutionException {
        @Nullable Record @Nullable [] records = lookup(name, Type.TXT, "TXT");
        if (records == null) {
            return List.of();
        }
        return Arrays.stream(records)
                .filter(TXTRecord.class::isInstance)
                .map(record -> String.join("", ((TXTRecord) record).getStrings()))
                .toList();
    }
}
