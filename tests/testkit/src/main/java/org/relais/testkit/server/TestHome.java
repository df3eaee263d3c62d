package org.relais.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.relais.configuration.home.Home;
import org.relais.configuration.home.HomeCreator;
import org.relais.configuration.home.HomeException;
import org.relais.configuration.home.HomeOptions;

/**
 * A home on free ports, made as {@code relais init} makes it; its relais.xml is then written anew where a test asks for
 * more. Its folder belongs to the test ({@code @TempDir}). Immutable once made.
 */
public final class TestHome {
    /** The domain of every test home. */
    public static final String DOMAIN = "example.org";

    /** Its host name. */
    public static final String HOSTNAME = "mx.example.org";

    private final Home home;
    private final RelaisPorts ports;

    private TestHome(Home home, RelaisPorts ports) {
        this.home = home;
        this.ports = ports;
    }

    /** A home in a folder that does not exist yet. */
    public static Builder in(Path folder) {
        return new Builder(folder);
    }

    public Path root() {
        return home.root();
    }

    public RelaisPorts ports() {
        return ports;
    }

    public Path relaisXml() {
        return home.relaisXml();
    }

    public Path chainXml() {
        return home.chainXml();
    }

    public Path extensions() {
        return home.extensions();
    }

    /** Where the server keeps its spill files. */
    public Path temporary() {
        return home.temporary();
    }

    public String token() {
        try {
            return home.token();
        } catch (HomeException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Collects what is special about a home. For one thread. */
    public static final class Builder {
        private final Path folder;
        private final List<String> elements = new ArrayList<>();
        private final List<String> relayFrom = new ArrayList<>();
        private final List<Path> extensions = new ArrayList<>();
        private @Nullable String smartHost;
        private @Nullable String dns;
        private @Nullable String chain;

        private Builder(Path folder) {
            this.folder = folder;
        }

        /** Everything for other domains goes to this {@code HOST:PORT}. */
        public Builder smartHost(String hostAndPort) {
            smartHost = hostAndPort;
            return this;
        }

        public Builder dns(String hostAndPort) {
            dns = hostAndPort;
            return this;
        }

        public Builder relayFrom(String network) {
            relayFrom.add(network);
            return this;
        }

        /** A further element of relais.xml, as XML. */
        public Builder with(String element) {
            elements.add(element);
            return this;
        }

        /** Replaces mailetcontainer.xml. */
        public Builder chain(String mailetContainer) {
            chain = mailetContainer;
            return this;
        }

        /** A jar for {@code conf/extensions}. */
        public Builder extension(Path jar) {
            extensions.add(jar);
            return this;
        }

        public TestHome create() {
            RelaisPorts ports = RelaisPorts.free();
            try {
                Home home = new HomeCreator(InstantSource.system(), new SecureRandom())
                        .create(folder, new HomeOptions(HOSTNAME, DOMAIN, ports.offset(), smartHost, relayFrom));
                if (!elements.isEmpty() || dns != null) {
                    Files.writeString(home.relaisXml(), relaisXml(ports));
                }
                if (chain != null) {
                    Files.writeString(home.chainXml(), chain);
                }
                for (Path jar : extensions) {
                    Files.copy(
                            jar,
                            home.extensions().resolve(jar.getFileName().toString()),
                            StandardCopyOption.REPLACE_EXISTING);
                }
                return new TestHome(home, ports);
            } catch (HomeException e) {
                throw new IllegalStateException(e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private String relaisXml(RelaisPorts ports) {
            StringBuilder xml = new StringBuilder("<relais>\n");
            xml.append(element("hostname", HOSTNAME)).append(element("domain", DOMAIN));
            xml.append("  <listeners>\n")
                    .append(listener("smtp", ports.smtp(), "starttls"))
                    .append(listener("submission", ports.submission(), "starttls"))
                    .append(listener("submission", ports.submissions(), "implicit"))
                    .append(listener("pop3", ports.pop3(), "starttls"))
                    .append(listener("pop3", ports.pop3s(), "implicit"))
                    .append(listener("imap", ports.imap(), "starttls"))
                    .append(listener("imap", ports.imaps(), "implicit"))
                    .append(listener("lmtp", ports.lmtp(), "none"))
                    .append(listener("managesieve", ports.manageSieve(), "starttls"))
                    .append("  </listeners>\n");
            if (dns != null) {
                xml.append(element("dns", "<server>" + dns + "</server>"));
            }
            xml.append(element(
                    "relayFrom",
                    relayFrom.stream().map(n -> "<network>" + n + "</network>").collect(Collectors.joining())));
            if (smartHost != null) {
                xml.append(element("routes", "<route to=\"*\" via=\"smtp://" + smartHost + "\"/>"));
            }
            xml.append(element("administration", "<port>" + ports.administration() + "</port>"));
            elements.forEach(e -> xml.append("  ").append(e).append('\n'));
            return xml.append("</relais>\n").toString();
        }

        private static String element(String name, String content) {
            return "  <" + name + ">" + content + "</" + name + ">\n";
        }

        private static String listener(String protocol, int port, String tls) {
            return "    <listener protocol=\"" + protocol + "\" address=\"127.0.0.1\" port=\"" + port + "\" tls=\""
                    + tls + "\"/>\n";
        }
    }
}
