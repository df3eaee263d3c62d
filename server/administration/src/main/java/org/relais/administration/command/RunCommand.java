package org.relais.administration.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import org.relais.administration.port.DomainName;
import org.relais.administration.port.FirstUser;
import org.relais.administration.port.Refusal;
import org.relais.administration.port.RunningServer;
import org.relais.administration.port.ServerLauncher;
import org.relais.administration.port.StartException;
import org.relais.configuration.Finding;
import org.relais.configuration.check.PortCheck;
import org.relais.configuration.home.Home;
import org.relais.configuration.home.HomeCreator;
import org.relais.configuration.home.HomeException;
import org.relais.configuration.home.HomeLock;
import org.relais.configuration.home.HomeOptions;
import org.relais.configuration.settings.RelaisSettings;
import picocli.CommandLine.Command;

/**
 * {@code relais run}: makes a home if there is none, takes its lock, checks everything that can be checked, starts, says
 * how to send a first mail, and waits for the wish to stop. Exit status 0 after an orderly stop.
 */
@Command(
        name = "run",
        description = "Start the server in the foreground; makes the home if there is none. SIGTERM or Ctrl-C stop it.")
final class RunCommand implements Callable<Integer> {
    private final CommandContext context;
    private final ServerLauncher launcher;

    RunCommand(CommandContext context, ServerLauncher launcher) {
        this.context = context;
        this.launcher = launcher;
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        try (var signals = new StopSignals()) {
            var home = openOrMake(context.homeFolder());
            home.requireWritable();
            try (var lock = HomeLock.take(home)) {
                run(home, check(home), signals);
            }
            return 0;
        } catch (HomeException e) {
            throw CommandContext.failed(e);
        }
    }

    private Home openOrMake(Path folder) throws HomeException, CommandFailure {
        if (isThere(folder)) {
            return Home.open(folder);
        }
        var home = new HomeCreator(context.clock(), new SecureRandom()).create(folder, HomeOptions.standard());
        if (!context.isJson()) {
            context.out().println("made a home: " + home.root());
        }
        return home;
    }

    /** Whether something is there that is not an empty folder. */
    private static boolean isThere(Path folder) throws CommandFailure {
        if (!Files.isDirectory(folder)) {
            return Files.exists(folder);
        }
        try (var content = Files.list(folder)) {
            return content.findAny().isPresent();
        } catch (IOException e) {
            throw CommandFailure.failed(
                    folder + " cannot be read: " + e.getMessage(), "name a home you own: --home DIR");
        }
    }

    private RelaisSettings check(Home home) throws CommandFailure {
        var result = context.configurationCheck().check(home);
        tell(result.findings());
        var settings = result.settings().orElseThrow(() -> ConfigCommand.unsound(result.findings()));
        var ports = PortCheck.check(settings);
        tell(ports);
        if (!ports.isEmpty()) {
            throw CommandFailure.failed(
                    ports.size() == 1 ? "a listener cannot be started" : ports.size() + " listeners cannot be started",
                    "mend it as said above, then relais run");
        }
        return settings;
    }

    private void tell(List<Finding> findings) {
        findings.forEach(context.terminal().err()::println);
    }

    private void run(Home home, RelaisSettings settings, StopSignals signals)
            throws CommandFailure, InterruptedException {
        var firstUser = new FirstUser(home.data(), domain(settings), new SecureRandom());
        try (var server = launcher.start(home, settings, firstUser, signals::request)) {
            announce(home, server, firstUser);
            firstUser.remember();
            signals.await();
            if (!context.isJson()) {
                context.out().println("stopping: sessions and deliveries may end; Ctrl-C again ends at once");
            }
        } catch (StartException e) {
            throw CommandFailure.failed("not started: " + e.what(), e.remedy());
        } catch (IOException e) {
            throw CommandFailure.failed("stopped: the home cannot be written: " + e.getMessage(), "check its disk");
        }
        if (!context.isJson()) {
            context.out().println("stopped");
        }
    }

    private void announce(Home home, RunningServer server, FirstUser firstUser) {
        var banner = new Banner(context.launcherName(), Version.current(), home, server.listeners(), firstUser);
        context.out().println(context.isJson() ? banner.json() : banner.text());
    }

    private static DomainName domain(RelaisSettings settings) throws CommandFailure {
        try {
            return DomainName.parse(settings.domain());
        } catch (Refusal e) {
            throw CommandFailure.failed("<domain> in conf/relais.xml: " + e.what(), e.remedy());
        }
    }
}
