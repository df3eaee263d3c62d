package org.relais.administration.command;

import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.relais.administration.port.DomainName;
import org.relais.administration.port.FirstUser;
import org.relais.administration.port.ServerLauncher;
import org.relais.administration.port.StartException;
import org.relais.configuration.check.PortCheck;
import org.relais.configuration.home.Home;
import org.relais.configuration.home.HomeCreator;
import org.relais.configuration.home.HomeException;
import org.relais.configuration.home.HomeLock;
import org.relais.configuration.home.HomeOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code relais record-start}, for the launcher alone: loads the classes that a start needs, in a JVM that archives them at
 * its end (class data sharing). Starts a server on free ports in a new home, which the launcher removes, and lets the
 * self-test run against it, and the commands of {@code relais record-commands} in a JVM that notes what those need.
 */
@Command(name = "record-start", hidden = true, description = "Load what a start needs, for the launcher.")
final class RecordStartCommand implements Callable<Integer> {
    private static final long CLIENT_SECONDS = 120;
    private static final String FREE_PORTS = """
            <relais>
              <listeners>
                <listener protocol="smtp" port="0"/>
                <listener protocol="submission" port="0" tls="starttls"/>
                <listener protocol="submission" port="0" tls="implicit"/>
                <listener protocol="pop3" port="0" tls="starttls"/>
                <listener protocol="imap" port="0" tls="starttls"/>
                <listener protocol="lmtp" port="0"/>
                <listener protocol="managesieve" port="0" tls="starttls"/>
              </listeners>
              <administration><port>0</port></administration>
            </relais>
            """;

    @Parameters(arity = "0..*", paramLabel = "WORD", description = "The JVM for record-commands, as a command line.")
    @Nullable
    List<String> client;

    private final CommandContext context;
    private final ServerLauncher launcher;
    private final Function<String[], Integer> commands;

    /**
     * Makes the command.
     *
     * @param commands does another command of this command line
     */
    RecordStartCommand(CommandContext context, ServerLauncher launcher, Function<String[], Integer> commands) {
        this.context = context;
        this.launcher = launcher;
        this.commands = commands;
    }

    @Override
    public Integer call() throws CommandFailure {
        try {
            var home = new HomeCreator(context.clock(), new SecureRandom())
                    .create(context.homeFolder(), HomeOptions.standard());
            var shipped = context.configurationCheck().check(home);
            Files.writeString(home.relaisXml(), FREE_PORTS);
            if (!shipped.isSound()) {
                throw ConfigCommand.unsound(shipped.findings());
            }
            try (var lock = HomeLock.take(home)) {
                return startAndUse(home);
            }
        } catch (HomeException e) {
            throw CommandContext.failed(e);
        } catch (IOException e) {
            throw CommandFailure.failed("the home cannot be written: " + e.getMessage(), "name another: --home DIR");
        } catch (StartException e) {
            throw CommandFailure.failed("not started: " + e.what(), e.remedy());
        }
    }

    private int startAndUse(Home home) throws CommandFailure, StartException, IOException {
        var result = context.configurationCheck().check(home);
        var settings = result.settings().orElseThrow(() -> ConfigCommand.unsound(result.findings()));
        PortCheck.check(settings);
        var firstUser = new FirstUser(home.data(), new DomainName(settings.domain()), new SecureRandom());
        try (var server = launcher.start(home, settings, firstUser, () -> {})) {
            context.out()
                    .println(new Banner(context.launcherName(), Version.current(), home, server.listeners(), firstUser)
                            .text());
            int failed = doCommand("selftest", home);
            failed += doCommand("queue hold --all", home); // so that there is something to list
            HeldMail.put(server.listeners(), firstUser.address().toString());
            failed += client == null ? doCommand(RecordCommandsCommand.NAME, home) : runClient(client, home);
            return failed == 0 ? 0 : CommandFailure.FAILED;
        }
    }

    private int doCommand(String command, Home home) {
        return commands.apply(RecordCommandsCommand.words(command, home.root()));
    }

    private static int runClient(List<String> client, Home home) throws IOException {
        var words = new ArrayList<>(client);
        words.addAll(List.of(RecordCommandsCommand.NAME, "--home", home.root().toString()));
        var process = new ProcessBuilder(words).inheritIO().start();
        try {
            return process.waitFor(CLIENT_SECONDS, TimeUnit.SECONDS) ? process.exitValue() : CommandFailure.FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CommandFailure.FAILED;
        } finally {
            process.destroyForcibly();
        }
    }
}
