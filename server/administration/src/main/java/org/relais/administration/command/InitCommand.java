package org.relais.administration.command;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.relais.configuration.home.HomeCreator;
import org.relais.configuration.home.HomeException;
import org.relais.configuration.home.HomeOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code relais init}. */
@Command(name = "init", description = "Make a home: configuration, certificate, administration token.")
final class InitCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = "--hostname",
            paramLabel = "NAME",
            description = "How the relay calls itself, as mx.example.org (localhost).")
    private @Nullable String hostname;

    @Option(
            names = "--domain",
            paramLabel = "DOMAIN",
            description = "The first local domain, as example.org (the host's).")
    private @Nullable String domain;

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            description = "Added to the standard ports (10000); 0 needs the privilege for ports below 1024.")
    private int portOffset = HomeOptions.STANDARD_PORT_OFFSET;

    @Option(
            names = "--smart-host",
            paramLabel = "HOST:PORT",
            description = "Relay all mail for other domains through it (none: MX).")
    private @Nullable String smartHost;

    @Option(
            names = "--relay-from",
            paramLabel = "NETWORK",
            description = "Clients from there may relay without a login, as 10.1.0.0/16; may be given again.")
    private List<String> relayFrom = new ArrayList<>();

    InitCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws CommandFailure {
        var folder = context.homeFolder();
        try {
            var options = new HomeOptions(hostname, domain, portOffset, smartHost, relayFrom);
            var home = new HomeCreator(context.clock(), new SecureRandom()).create(folder, options);
            var members = new LinkedHashMap<String, String>();
            members.put("home", home.root().toString());
            context.print(
                    members,
                    "made a home: " + home.root() + "\nconfiguration: " + home.relaisXml() + ", " + home.chainXml()
                            + "\nnext: relais run --home " + Shell.quote(folder.toString()));
            return 0;
        } catch (HomeException e) {
            throw CommandContext.failed(e);
        }
    }
}
