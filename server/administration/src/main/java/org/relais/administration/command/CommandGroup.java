package org.relais.administration.command;

import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;

/**
 * A command that has subcommands, which are methods of its object that bear their names. Picocli reads every annotation of
 * each, which takes a cold JVM longer than most commands: so only the one that is called is made.
 */
final class CommandGroup {
    private CommandGroup() {}

    /** The group with that subcommand, or with all if it has none of that name: for help, suggestions and completion. */
    static CommandLine of(Object group, String subcommand) {
        return of(group, Map.of(), subcommand);
    }

    /**
     * As {@link #of(Object, String)}.
     *
     * @param further subcommands that are objects of their own
     */
    static CommandLine of(Object group, Map<String, Supplier<Object>> further, String subcommand) {
        var commands = new CommandLine(group);
        var wanted = further.get(subcommand);
        if (wanted != null) {
            return commands.addSubcommand(wanted.get());
        }
        var methods = CommandLine.getCommandMethods(group.getClass(), subcommand);
        if (!methods.isEmpty()) {
            return commands.addSubcommand(new CommandLine(methods.get(0)));
        }
        CommandLine.getCommandMethods(group.getClass(), null)
                .forEach(method -> commands.addSubcommand(new CommandLine(method)));
        further.values().forEach(command -> commands.addSubcommand(command.get()));
        return commands;
    }
}
