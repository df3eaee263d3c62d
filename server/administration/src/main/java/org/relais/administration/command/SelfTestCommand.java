package org.relais.administration.command;

import static org.relais.administration.client.AdministrationClient.path;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.relais.administration.client.AdministrationClient;
import org.relais.administration.client.RequestFailure;
import org.relais.administration.json.JsonWriter;
import org.relais.administration.selftest.PinnedCertificate;
import org.relais.administration.selftest.SelfTest;
import org.relais.administration.selftest.SelfTestFailure;
import org.relais.administration.selftest.Transcript;
import org.relais.configuration.settings.RelaisSettings;
import picocli.CommandLine.Command;

/** {@code relais selftest}: with a user of its own, who is removed with mailbox and mail whatever happens. */
@Command(
        name = "selftest",
        description = "Send a mail with an attachment through submission and the chain, fetch it over IMAP and POP3, "
                + "compare it octet by octet, and show the dialogue.")
final class SelfTestCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final CommandContext context;
    private final Random random = new SecureRandom();

    SelfTestCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws CommandFailure, RequestFailure {
        var client = context.client();
        var settings = settings();
        var servers = servers(client.get("/status"));
        var transcript = new Transcript(context.isJson() ? line -> {} : context.out()::println);
        var address = "selftest-" + hexadecimal(6) + "@" + domain(client, settings);
        var password = hexadecimal(16);
        client.put(path("users", address), Map.of("password", password));
        SelfTestFailure failure = null;
        try {
            var pinned = PinnedCertificate.read(settings.tls().certificate());
            new SelfTest(servers, pinned, DEADLINE, context.clock(), random, transcript).run(address, password);
        } catch (SelfTestFailure e) {
            failure = e;
        } finally {
            client.delete(path("users", address) + "?mailboxes=removed");
        }
        return report(transcript, failure);
    }

    private int report(Transcript transcript, @Nullable SelfTestFailure failure) throws CommandFailure {
        if (context.isJson()) {
            var members = new LinkedHashMap<String, Object>();
            members.put("passed", failure == null);
            members.put("dialogue", transcript.lines());
            context.out().println(JsonWriter.write(members));
        } else if (failure == null) {
            context.out().println("passed: submission, chain, IMAP and POP3 do what they should");
        }
        if (failure != null) {
            throw CommandFailure.failed("failed: " + failure.what(), failure.remedy());
        }
        return 0;
    }

    private RelaisSettings settings() throws CommandFailure {
        var result = context.configurationCheck().check(context.home());
        return result.settings().orElseThrow(() -> ConfigCommand.unsound(result.findings()));
    }

    private static String domain(AdministrationClient client, RelaisSettings settings)
            throws RequestFailure, CommandFailure {
        var domains = Answers.texts(client.get("/domains"), "domains");
        if (domains.contains(settings.domain())) {
            return settings.domain();
        }
        return domains.stream()
                .findFirst()
                .orElseThrow(() -> CommandFailure.failed(
                        "there is no local domain to send a mail to", "relais domain add " + settings.domain()));
    }

    private static SelfTest.Servers servers(Map<String, @Nullable Object> status) throws CommandFailure {
        return new SelfTest.Servers(server(status, "submission"), server(status, "imap"), server(status, "pop3"));
    }

    private static InetSocketAddress server(Map<String, @Nullable Object> status, String protocol)
            throws CommandFailure {
        for (var listener : Answers.objects(status, "listeners")) {
            if (Answers.text(listener, "protocol").equals(protocol)
                    && Answers.text(listener, "tls").equals("starttls")
                    && listener.get("port") instanceof Long port) {
                return reachable(Answers.text(listener, "address"), port.intValue());
            }
        }
        throw CommandFailure.failed(
                "there is no " + protocol + " listener with tls=\"starttls\"",
                "add one to <listeners> in conf/relais.xml, on 127.0.0.1 if for this test only");
    }

    private static InetSocketAddress reachable(String literal, int port) throws CommandFailure {
        try {
            var address = InetAddress.getByName(literal);
            return new InetSocketAddress(
                    address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address, port);
        } catch (UnknownHostException e) {
            throw CommandFailure.failed("not an address: " + literal, "see relais status");
        }
    }

    private String hexadecimal(int octets) {
        var bytes = new byte[octets];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
