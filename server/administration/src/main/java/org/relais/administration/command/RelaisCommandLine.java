package org.relais.administration.command;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.relais.administration.client.RequestFailure;
import org.relais.administration.port.ServerLauncher;
import org.relais.administration.port.SpoolVerification;
import org.relais.configuration.FurtherCheck;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line: reads the arguments, does the command, returns the exit status. 0 = done; 1 = it failed, one line on
 * stderr says what and what to do; 2 = wrong usage. Each call of {@link #execute} starts afresh; for one thread.
 */
public final class RelaisCommandLine {

    /** As the help lists them. */
    private static final List<String> NAMES = List.of(
            "run",
            "init",
            "status",
            "stop",
            "selftest",
            "benchmark",
            "domain",
            "user",
            "alias",
            "queue",
            "config",
            "tls",
            "version",
            "record-start",
            RecordCommandsCommand.NAME);

    private static final String NO_COMMAND = "Missing required subcommand"; // as picocli says it of groups

    private final Terminal terminal;
    private final InstantSource clock;
    private final List<FurtherCheck> furtherChecks;
    private final ServerLauncher launcher;
    private final SpoolVerification verification;

    /**
     * Makes one; nothing is read or started.
     *
     * @param furtherChecks what {@code config check} and {@code run} check besides relais.xml
     * @param launcher what {@code run} starts
     * @param verification what {@code queue verify} does
     */
    public RelaisCommandLine(
            Terminal terminal,
            InstantSource clock,
            List<FurtherCheck> furtherChecks,
            ServerLauncher launcher,
            SpoolVerification verification) {
        this.terminal = terminal;
        this.clock = clock;
        this.furtherChecks = List.copyOf(furtherChecks);
        this.launcher = launcher;
        this.verification = verification;
    }

    /** Does one command, waits for its end, and returns the exit status. */
    public int execute(String... arguments) {
        int status = commands(wordsOf(arguments)).execute(arguments);
        terminal.out().flush();
        terminal.err().flush();
        return status;
    }

    /** The words that are no options and not the home: of what comes first here, a command and its subcommand. */
    private static List<String> wordsOf(String... arguments) {
        var words = new ArrayList<String>();
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--home")) {
                i++;
            } else if (!arguments[i].startsWith("-")) {
                words.add(arguments[i]);
            }
        }
        return words;
    }

    /** The commands, for completion and manual pages too. */
    CommandLine commands() {
        return commands(List.of());
    }

    /** Only what is named, if there is such a one: to make them all takes longer than most of them. */
    private CommandLine commands(List<String> words) {
        var context = new CommandContext(terminal, clock, furtherChecks);
        var subcommand = words.size() > 1 ? words.get(1) : "";
        var commands = new CommandLine(new Top(context));
        (words.isEmpty() || !NAMES.contains(words.get(0)) ? NAMES : words.subList(0, 1))
                .forEach(name -> commands.addSubcommand(command(name, subcommand, context)));
        commands.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        commands.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        commands.setParameterExceptionHandler((e, arguments) -> wrongUsage(e));
        commands.setExecutionExceptionHandler((e, command, parsed) -> failed(e));
        return commands;
    }

    private Object command(String name, String subcommand, CommandContext context) {
        return switch (name) {
            case "run" -> new RunCommand(context, launcher);
            case "init" -> new InitCommand(context);
            case "status" -> new StatusCommand(context);
            case "stop" -> new StopCommand(context);
            case "selftest" -> new SelfTestCommand(context);
            case "benchmark" -> new BenchmarkCommand(context);
            case "domain" -> CommandGroup.of(new DomainCommand(context), subcommand);
            case "user" -> CommandGroup.of(new UserCommand(context), subcommand);
            case "alias" -> CommandGroup.of(new AliasCommand(context), subcommand);
            case "queue" ->
                CommandGroup.of(new QueueCommand(context, verification), QueueOrders.of(context), subcommand);
            case "config" -> CommandGroup.of(new ConfigCommand(context), subcommand);
            case "tls" -> CommandGroup.of(new TlsCommand(context), subcommand);
            case "version" -> new VersionCommand(context);
            case "record-start" -> new RecordStartCommand(context, launcher, this::execute);
            case RecordCommandsCommand.NAME -> new RecordCommandsCommand(context, this::execute);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private int failed(Exception e) throws Exception {
        if (e instanceof CommandFailure failure) {
            terminal.err().println(failure.line());
            return failure.exitStatus();
        }
        if (e instanceof RequestFailure failure) {
            terminal.err()
                    .println(failure.remedy().isEmpty() ? failure.what() : failure.what() + " — " + failure.remedy());
            return CommandFailure.FAILED;
        }
        terminal.err().println("this is a bug of relais: " + e);
        e.printStackTrace(terminal.err());
        return CommandFailure.FAILED;
    }

    private int wrongUsage(ParameterException e) {
        var command = e.getCommandLine().getCommandSpec().qualifiedName();
        var line = String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong usage");
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            var word = unmatched.getUnmatched().get(0);
            line = command + " does not know '" + word + "'";
            var suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                line += "; did you mean " + String.join(" or ", suggestions.subList(0, Math.min(2, suggestions.size())))
                        + "?";
            }
        }
        if (line.equals(NO_COMMAND)) {
            line = "a command is missing";
        }
        terminal.err().println(line + " — see " + command + " --help");
        return CommandFailure.WRONG_USAGE;
    }

    /** The options that every command takes, before or after its name. */
    @Command(
            name = "relais",
            description = "A mail relay.",
            versionProvider = BuiltVersion.class,
            mixinStandardHelpOptions = true,
            scope = ScopeType.INHERIT,
            sortOptions = false,
            commandListHeading = "%nCommands:%n",
            synopsisSubcommandLabel = "COMMAND")
    static final class Top implements Runnable {
        private final CommandContext context;

        @Spec
        @Nullable
        CommandSpec spec;

        Top(CommandContext context) {
            this.context = context;
        }

        @Option(
                names = "--home",
                paramLabel = "DIR",
                scope = ScopeType.INHERIT,
                description = "The home (RELAIS_HOME, or ./relais-home).")
        void home(@Nullable Path home) {
            context.setHome(home);
        }

        @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print data as JSON.")
        void json(boolean isJson) {
            context.setJson(isJson);
        }

        @Override
        public void run() {
            if (spec != null) {
                throw new ParameterException(spec.commandLine(), NO_COMMAND);
            }
        }
    }

    /** For {@code --version}. */
    static final class BuiltVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = Version.current();
            return new String[] {"Relais " + version.relais()};
        }
    }
}
