package org.relais.administration.command;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.relais.administration.client.AdministrationClient;
import org.relais.administration.http.EndpointFile;
import org.relais.administration.json.JsonWriter;
import org.relais.configuration.FurtherCheck;
import org.relais.configuration.check.ConfigurationCheck;
import org.relais.configuration.home.Home;
import org.relais.configuration.home.HomeException;
import org.relais.configuration.home.HomeLock;

/**
 * What all commands share: the terminal, the options that every command takes, and the way to the home and its server.
 * Holds one command's options; for one thread.
 */
final class CommandContext {
    private static final String DEFAULT_HOME = "relais-home";

    private final Terminal terminal;
    private final InstantSource clock;
    private final ConfigurationCheck configurationCheck;
    private @Nullable Path homeOption;
    private boolean isJson;

    CommandContext(Terminal terminal, InstantSource clock, List<FurtherCheck> furtherChecks) {
        this.terminal = terminal;
        this.clock = clock;
        this.configurationCheck = new ConfigurationCheck(clock, furtherChecks);
    }

    void setHome(@Nullable Path home) {
        homeOption = home;
    }

    void setJson(boolean isJson) {
        this.isJson = isJson;
    }

    boolean isJson() {
        return isJson;
    }

    Terminal terminal() {
        return terminal;
    }

    PrintStream out() {
        return terminal.out();
    }

    InstantSource clock() {
        return clock;
    }

    ConfigurationCheck configurationCheck() {
        return configurationCheck;
    }

    /** How the person called relais; the launcher script tells. */
    String launcherName() {
        return terminal.environment().getOrDefault("RELAIS_LAUNCHER", "relais");
    }

    /** Prints what the server or the command answers: the object itself as JSON, or the line for a person. */
    void print(Map<String, ? extends @Nullable Object> object, String line) {
        out().println(isJson ? JsonWriter.write(object) : line);
    }

    /** Prints what the server answers: the object as JSON, or a line for each item. */
    void printList(Map<String, ? extends @Nullable Object> object, List<String> lines) {
        if (isJson) {
            out().println(JsonWriter.write(object));
        } else {
            lines.forEach(out()::println);
        }
    }

    /** The folder that was named, whether or not there is a home. */
    Path homeFolder() {
        if (homeOption != null) {
            return homeOption;
        }
        var named = terminal.environment().get("RELAIS_HOME");
        return Path.of(named == null || named.isEmpty() ? DEFAULT_HOME : named);
    }

    /** The home that was named. */
    Home home() throws CommandFailure {
        try {
            return Home.open(homeFolder());
        } catch (HomeException e) {
            throw failed(e);
        }
    }

    /** A client of the home's running server. */
    AdministrationClient client() throws CommandFailure {
        if (Files.notExists(homeFolder())) {
            throw notRunning(); // which makes the home, too
        }
        var home = home();
        try {
            // The token goes to whoever listens there, so the lock has to tell that it is the home's own server.
            var address =
                    HomeLock.isHeld(home) ? EndpointFile.in(home.data()).read() : Optional.<InetSocketAddress>empty();
            if (address.isEmpty()) {
                throw notRunning();
            }
            return new AdministrationClient(address.get(), home.token());
        } catch (HomeException e) {
            throw failed(e);
        } catch (IOException e) {
            throw CommandFailure.failed(
                    "the server's address cannot be read: " + e.getMessage(), "run this as the user who owns the home");
        }
    }

    CommandFailure notRunning() {
        return CommandFailure.failed(
                "not running: relais run --home " + Shell.quote(homeFolder().toString()));
    }

    static CommandFailure failed(HomeException e) {
        return CommandFailure.failed(String.valueOf(e.getMessage()));
    }
}
