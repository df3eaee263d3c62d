package org.relais.configuration.home;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.relais.configuration.schema.CommentedFile;
import org.relais.configuration.schema.InvalidValueException;
import org.relais.configuration.schema.RelaisSchema;
import org.relais.configuration.schema.Setting;
import org.relais.configuration.schema.XsdFile;

/**
 * Makes a home: all of it or nothing. It is built in a folder beside its place and then renamed, so that a home that is
 * there is complete, and two who make the same one cannot mix. An existing folder is refused untouched, unless it is
 * empty. One use at a time.
 */
public final class HomeCreator {
    private static final int HIGHEST_STANDARD_PORT = 8000;
    private static final int TOKEN_OCTETS = 32;
    private static final String SHIPPED_CHAIN = "/org/relais/configuration/shipped/mailetcontainer.xml";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final InstantSource clock;
    private final SecureRandom random;
    private final String chainResource;

    public HomeCreator(InstantSource clock, SecureRandom random) {
        this(clock, random, SHIPPED_CHAIN);
    }

    HomeCreator(InstantSource clock, SecureRandom random, String chainResource) {
        this.clock = clock;
        this.random = random;
        this.chainResource = chainResource;
    }

    /** @throws HomeException if an option is wrong, the folder is taken, or it cannot be written */
    public Home create(Path folder, HomeOptions options) throws HomeException {
        String relaisXml = relaisXml(options);
        Path place = folder.toAbsolutePath().normalize();
        if (isTaken(place)) {
            throw taken(place);
        }
        Path building = place.resolveSibling("." + place.getFileName() + ".new-" + hexadecimal(8));
        try {
            Files.createDirectories(building.resolveSibling("."));
            build(building, relaisXml, options);
            Files.move(building, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw withoutTraces(building, isTaken(place) ? taken(place) : failed(place, e));
        }
        return Home.open(place);
    }

    /** Whether something stands there that is not an empty folder. */
    private static boolean isTaken(Path place) {
        if (!Files.exists(place)) {
            return false;
        }
        try (Stream<Path> inside = Files.list(place)) {
            return inside.findAny().isPresent();
        } catch (IOException e) {
            return true; // A file, or a folder that is not ours to look into.
        }
    }

    private static HomeException failed(Path place, IOException e) {
        return new HomeException(
                "the home " + place + " cannot be made: " + e, "name a folder in which you may write: --home DIR", e);
    }

    private static HomeException taken(Path place) {
        boolean isHome = Files.exists(place.resolve("data/version"));
        return isHome
                ? new HomeException(place + " is a home already", "start it: relais run --home " + place)
                : new HomeException(
                        place + " exists and is not empty", "name a folder that does not exist: --home DIR");
    }

    private void build(Path home, String relaisXml, HomeOptions options) throws IOException {
        Files.createDirectory(home, OWNER_ONLY_FOLDER);
        for (String folder : List.of("conf", "data", "log", "conf/tls", "conf/dkim", "conf/extensions", "data/tmp")) {
            Files.createDirectory(home.resolve(folder), OWNER_ONLY_FOLDER);
        }
        write(home.resolve("conf/relais.xml"), relaisXml);
        write(home.resolve("conf/relais.xsd"), XsdFile.text());
        write(home.resolve("conf/mailetcontainer.xml"), shippedChain());
        SelfSignedCertificate tls;
        try {
            tls = SelfSignedCertificate.of(options.hostnameOrDefault(), clock.instant(), random);
        } catch (GeneralSecurityException e) {
            throw new IOException("no certificate can be made", e);
        }
        write(home.resolve("conf/tls/certificate.pem"), tls.certificatePem());
        write(home.resolve("conf/tls/key.pem"), tls.keyPem());
        write(home.resolve("data/administration.token"), hexadecimal(TOKEN_OCTETS) + "\n");
        write(home.resolve("data/version"), Home.VERSION + "\n");
    }

    /** Every file is on disk before the rename makes the home. */
    private static void write(Path file, String text) throws IOException {
        ByteBuffer octets = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            channel.force(true);
        }
    }

    private String shippedChain() throws IOException {
        try (InputStream in = HomeCreator.class.getResourceAsStream(chainResource)) {
            if (in == null) {
                throw new IllegalStateException(
                        chainResource + " is missing from the jar: conf/mailetcontainer.xml goes there");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String relaisXml(HomeOptions options) throws HomeException {
        int offset = options.portOffset();
        if (offset < 0 || offset + HIGHEST_STANDARD_PORT > 65535) {
            throw new HomeException(
                    "--port-offset " + offset + " leads to ports that do not exist",
                    "write a number from 0 to " + (65535 - HIGHEST_STANDARD_PORT));
        }
        checked("--hostname", RelaisSchema.HOSTNAME, options.hostnameOrDefault());
        checked("--domain", RelaisSchema.DOMAIN, options.domainOrDefault());
        CommentedFile file = new CommentedFile()
                .with(RelaisSchema.HOSTNAME, options.hostnameOrDefault())
                .with(RelaisSchema.DOMAIN, options.domainOrDefault())
                .with(RelaisSchema.LISTENERS, RelaisSchema.standardListeners(offset))
                .with(RelaisSchema.ADMINISTRATION_PORT, Integer.toString(HIGHEST_STANDARD_PORT + offset));
        if (options.smartHostIfAny().isPresent()) {
            Map<Setting<?>, String> route = new LinkedHashMap<>();
            route.put(RelaisSchema.ROUTE_TO, "*");
            route.put(
                    RelaisSchema.ROUTE_VIA,
                    checked(
                            "--smart-host",
                            RelaisSchema.ROUTE_VIA,
                            "smtp://" + options.smartHostIfAny().get()));
            route.put(RelaisSchema.ROUTE_TLS, "opportunistic");
            file.with(RelaisSchema.ROUTES, List.of(route));
        }
        for (String network : options.relayFrom()) {
            checked("--relay-from", RelaisSchema.RELAY_NETWORK, network);
        }
        return file.with(
                        RelaisSchema.RELAY_FROM,
                        options.relayFrom().stream()
                                .map(network -> Map.<Setting<?>, String>of(RelaisSchema.RELAY_NETWORK, network))
                                .toList())
                .text();
    }

    private static String checked(String option, Setting<?> setting, String text) throws HomeException {
        try {
            setting.type().parse(text);
            return text;
        } catch (InvalidValueException e) {
            String shown = e.isSecret() ? "" : " '" + text + "'";
            throw new HomeException(option + shown + " " + e.predicate(), e.remedy(), e);
        }
    }

    private String hexadecimal(int octets) {
        byte[] bytes = new byte[octets];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static HomeException withoutTraces(Path building, HomeException reason) {
        if (Files.exists(building)) {
            try (Stream<Path> tree = Files.walk(building)) {
                for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            } catch (IOException | UncheckedIOException e) {
                reason.addSuppressed(e);
            }
        }
        return reason;
    }
}
