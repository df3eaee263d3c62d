package org.relais.distribution.foundation;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import java.net.InetSocketAddress;
import java.util.List;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.filesystem.api.JamesDirectoriesProvider;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.server.core.filesystem.FileSystemImpl;
import org.apache.james.sieverepository.api.SieveQuotaRepository;
import org.apache.james.sieverepository.api.SieveRepository;
import org.apache.james.sieverepository.file.SieveFileRepository;
import org.relais.configuration.home.Home;
import org.relais.configuration.settings.RelaisSettings;

/** The home with its files, its settings, its DNS servers and its Sieve scripts. */
public final class HomeModule extends AbstractModule {
    private final Home home;
    private final RelaisSettings settings;

    public HomeModule(Home home, RelaisSettings settings) {
        this.home = home;
        this.settings = settings;
    }

    @Override
    protected void configure() {
        JamesDirectoriesProvider directories = new HomeDirectories(home.root());
        bind(Home.class).toInstance(home);
        bind(RelaisSettings.class).toInstance(settings);
        bind(JamesDirectoriesProvider.class).toInstance(directories);
        bind(FileSystem.class).toInstance(new FileSystemImpl(directories));
        bind(DNSService.class).to(ConfiguredDns.class);
        bind(SieveFileRepository.class).in(Singleton.class);
        bind(SieveRepository.class).to(SieveFileRepository.class);
        bind(SieveQuotaRepository.class).to(SieveFileRepository.class);
    }

    @Provides
    @Singleton
    ConfiguredDns dns(MetricFactory metrics) {
        List<InetSocketAddress> servers = settings.dnsServers().stream()
                .map(server -> new InetSocketAddress(server.host(), server.port()))
                .toList();
        return new ConfiguredDns(metrics, servers);
    }
}
