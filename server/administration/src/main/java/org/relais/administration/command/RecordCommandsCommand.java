package org.relais.administration.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;

/**
 * {@code relais record-commands}, which {@code record-start} alone calls: does one command after the other against the
 * server of a home, in a JVM that notes the classes they need.
 */
@Command(name = RecordCommandsCommand.NAME, hidden = true, description = "Do what commands need, for the launcher.")
final class RecordCommandsCommand implements Callable<Integer> {
    static final String NAME = "record-commands";

    /** Those that are typed most, and one of each kind. */
    private static final List<String> COMMANDS = List.of(
            "status",
            "user list",
            "domain list",
            "alias list",
            "tls show",
            "queue list",
            "queue list --json --stage chain",
            "queue retry --all",
            "queue stats",
            "queue suspend --list",
            "version",
            "version --json");

    private final CommandContext context;
    private final Function<String[], Integer> commands;

    /**
     * Makes the command.
     *
     * @param commands does another command of this command line
     */
    RecordCommandsCommand(CommandContext context, Function<String[], Integer> commands) {
        this.context = context;
        this.commands = commands;
    }

    @Override
    public Integer call() {
        int failed = 0;
        for (var command : COMMANDS) {
            failed += commands.apply(words(command, context.homeFolder()));
        }
        return failed == 0 ? 0 : CommandFailure.FAILED;
    }

    /** The words of a command on that home. */
    static String[] words(String command, Path home) {
        var words = new ArrayList<>(List.of(command.split(" ")));
        words.add("--home");
        words.add(home.toString());
        return words.toArray(String[]::new);
    }
}
