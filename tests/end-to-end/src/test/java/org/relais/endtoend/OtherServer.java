package org.relais.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.relais.testkit.server.ChildProcess;

/**
 * A mail server that others wrote, as a child process in a folder of its own, on a free port of 127.0.0.1; what it takes
 * for {@code carol@remote.test} lies in its folder as text. {@link #close()} kills it. Started by root, as these programs
 * change their user.
 */
final class OtherServer implements AutoCloseable {
    static final String DOMAIN = "remote.test";

    private final ChildProcess process;
    private final Path folder;
    private final int port;

    private OtherServer(ChildProcess process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        this.port = port;
    }

    int port() {
        return port;
    }

    /** Lines of main.cf that make Postfix deliver into a mailbox file. */
    static final String INTO_A_MAILBOX = "virtual_mailbox_domains = " + DOMAIN + "\nvirtual_mailbox_maps = static:box";

    /** Postfix that does with its mail what {@code more} (lines of main.cf) says. */
    static OtherServer postfix(Path folder, String more) throws IOException {
        Path program = Programs.require("postfix", "POSTFIX");
        Programs.requireRoot("Postfix");
        int port = freePort();
        Path mail = open(folder, "mail");
        for (String name : List.of("etc", "spool", "data")) {
            Files.createDirectories(folder.resolve(name));
        }
        Files.setOwner(
                folder.resolve("data"),
                folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postfix"));
        enterable(folder);
        Files.writeString(folder.resolve("etc/main.cf"), """
                compatibility_level = 3.6
                config_directory = %1$s/etc
                queue_directory = %1$s/spool
                data_directory = %1$s/data
                maillog_file = %1$s/maillog
                maillog_file_prefixes = /var, /tmp, %1$s
                inet_interfaces = 127.0.0.1
                inet_protocols = ipv4
                myhostname = postfix.test
                mydestination =
                mynetworks = 127.0.0.0/8
                local_recipient_maps =
                alias_maps =
                alias_database =
                virtual_mailbox_base = %2$s
                virtual_uid_maps = static:65534
                virtual_gid_maps = static:65534
                disable_dns_lookups = yes
                smtp_host_lookup = native
                smtpd_tls_security_level = none
                %3$s
                """.formatted(folder, mail, more));
        Files.writeString(folder.resolve("etc/master.cf"), """
                127.0.0.1:%d inet n - n - - smtpd
                cleanup unix n - n - 0 cleanup
                qmgr unix n - n 300 1 qmgr
                tlsmgr unix - - n 1000? 1 tlsmgr
                rewrite unix - - n - - trivial-rewrite
                bounce unix - - n - 0 bounce
                defer unix - - n - 0 bounce
                trace unix - - n - 0 bounce
                verify unix - - n - 1 verify
                proxymap unix - - n - - proxymap
                smtp unix - - n - - smtp
                relay unix - - n - - smtp
                virtual unix - n n - - virtual
                error unix - - n - - error
                retry unix - - n - - error
                anvil unix - - n - 1 anvil
                scache unix - - n - 1 scache
                postlog unix-dgram n - n - 1 postlogd
                """.formatted(port));
        return started(
                folder,
                port,
                List.of(program.toString(), "-c", folder.resolve("etc").toString(), "start-fg"));
    }

    /** Exim that delivers into a mailbox file, and takes mail only under TLS from {@code relay} with a password. */
    static OtherServer exim(Path folder, String password) throws IOException {
        Path program = Programs.require("exim4", "EXIM_BIN");
        Programs.requireRoot("Exim");
        int port = freePort();
        Path mail = open(folder, "mail");
        open(folder, "spool");
        open(folder, "log");
        enterable(folder);
        Path pem = certificate(folder);
        Path configuration = Files.writeString(
                folder.resolve("exim.conf"), """
                exim_path = %1$s
                spool_directory = %2$s/spool
                log_file_path = %2$s/log/%%slog
                pid_file_path = %2$s/spool/exim.pid
                primary_hostname = exim.test
                local_interfaces = 127.0.0.1
                daemon_smtp_ports = %3$d
                tls_advertise_hosts = *
                tls_certificate = %6$s
                acl_smtp_rcpt = taken
                host_lookup =
                rfc1413_query_timeout = 0s
                keep_environment =
                begin acl
                taken:
                  deny message = only under TLS
                       !encrypted = *
                  deny message = only with a login
                       !authenticated = *
                  accept
                begin routers
                all:
                  driver = accept
                  transport = box
                begin transports
                box:
                  driver = appendfile
                  file = %4$s/box
                  user = Debian-exim
                  mode = 0644
                begin authenticators
                plain:
                  driver = plaintext
                  public_name = PLAIN
                  server_prompts = :
                  server_condition = ${if and{{eq{$auth2}{relay}}{eq{$auth3}{%5$s}}}}
                  server_set_id = $auth2
                  server_advertise_condition = ${if def:tls_in_cipher}
                """.formatted(program, folder, port, mail, password, pem));
        return started(folder, port, List.of(program.toString(), "-C", configuration.toString(), "-bdf"));
    }

    /** Dovecot that takes mail by LMTP into a Maildir. */
    static OtherServer dovecotLmtp(Path folder) throws IOException {
        Path program = Programs.require("dovecot", "DOVECOT");
        Programs.requireRoot("Dovecot");
        int port = freePort();
        Path mail = open(folder, "mail");
        enterable(folder);
        Path configuration = Files.writeString(folder.resolve("dovecot.conf"), """
                protocols = lmtp
                listen = 127.0.0.1
                base_dir = %1$s/run
                log_path = /dev/stderr
                ssl = no
                mail_location = maildir:%2$s/%%u
                first_valid_uid = 1
                passdb {
                  driver = static
                  args = nopassword=y
                }
                userdb {
                  driver = static
                  args = uid=65534 gid=65534 home=%2$s/%%u allow_all_users=yes
                }
                service lmtp {
                  inet_listener lmtp {
                    address = 127.0.0.1
                    port = %3$d
                  }
                }
                """.formatted(folder, mail, port));
        return started(folder, port, List.of(program.toString(), "-F", "-c", configuration.toString()));
    }

    /** Made by openssl: GnuTLS reads no EC key of the JDK's, which leaves out what RFC 5915 makes optional. */
    private static Path certificate(Path folder) throws IOException {
        Path pem = folder.resolve("pem");
        String words = Programs.require("openssl", "OPENSSL")
                + " req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=exim.test -keyout " + pem + " -out " + pem;
        try (var openssl = ChildProcess.start(List.of(words.split(" ")), "", Map.of("LC_ALL", "C"))) {
            if (openssl.awaitExit(Site.SOON) != 0) {
                throw new AssertionError(String.join("\n", openssl.output()));
            }
        }
        return Files.setPosixFilePermissions(pem, PosixFilePermissions.fromString("rw-r--r--"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A folder for the users that these programs become. */
    private static Path open(Path folder, String name) throws IOException {
        Path made = Files.createDirectories(folder.resolve(name));
        return Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    /** They have to get as far as their folder, too. */
    private static void enterable(Path folder) throws IOException {
        var permissions = PosixFilePermissions.fromString("rwxr-xr-x");
        Files.setPosixFilePermissions(folder, permissions);
        Files.setPosixFilePermissions(folder.toAbsolutePath().getParent(), permissions);
    }

    private static OtherServer started(Path folder, int port, List<String> words) {
        var process = ChildProcess.start(words, "", Map.of("LC_ALL", "C"));
        var server = new OtherServer(process, folder, port);
        try {
            Awaitility.await(words.get(0))
                    .atMost(Site.SOON)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> listens(port) || !process.isAlive());
            if (!process.isAlive()) {
                throw new IllegalStateException("ended");
            }
            return server;
        } catch (RuntimeException e) {
            String log = server.log();
            server.close();
            throw new AssertionError(words + " does not listen\n" + log, e);
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Waits for a delivered mail with this text in it; returns all of it. */
    String awaitMail(String text) {
        return await(text, this::delivered);
    }

    /** Waits until the server says this of itself. */
    void awaitLog(String text) {
        await(text, this::log);
    }

    private String await(String text, Callable<String> where) {
        try {
            return Awaitility.await(text)
                    .atMost(Site.SOON)
                    .pollInterval(Duration.ofMillis(50))
                    .until(where, all -> all.contains(text));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("nothing with " + text + "\n" + log(), e);
        }
    }

    private String delivered() {
        return texts(folder.resolve("mail"), "box|.*/new/.*");
    }

    /** What the server says of itself. */
    String log() {
        return String.join("\n", process.output()) + "\n" + texts(folder, "maillog|log/.*");
    }

    private static String texts(Path folder, String names) {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(path -> folder.relativize(path).toString().matches(names))
                    .filter(Files::isRegularFile)
                    .map(OtherServer::text)
                    .collect(Collectors.joining("\n"));
        } catch (IOException | UncheckedIOException e) {
            return ""; // a file went while the folder was read: the caller asks again
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.terminate();
        process.endsWithin(Duration.ofSeconds(5));
        process.close();
    }
}
