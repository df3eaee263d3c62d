package org.relais.administration.command;

import static org.relais.administration.client.AdministrationClient.path;

import java.util.Map;
import org.relais.administration.client.RequestFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relais user}. */
@Command(name = "user", addMethodSubcommands = false, description = "The users: who may log in and has a mailbox.")
final class UserCommand {
    private static final String ADDRESS = "ADDRESS";
    private static final String ADDRESS_IN_WORDS = "As alice@example.org; its domain is local.";
    private static final String STDIN = "--password-stdin";
    private static final String STDIN_IN_WORDS = "Take the first line of standard input; without it you are asked.";

    private final CommandContext context;

    UserCommand(CommandContext context) {
        this.context = context;
    }

    @Command(name = "add", description = "Make a user.")
    int add(
            @Parameters(paramLabel = ADDRESS, description = ADDRESS_IN_WORDS) String address,
            @Option(names = STDIN, description = STDIN_IN_WORDS) boolean isOnStdin)
            throws CommandFailure, RequestFailure {
        var client = context.client();
        var password = new Passwords(context.terminal()).take(isOnStdin, address);
        var answer = client.put(path("users", address), Map.of("password", password));
        context.print(answer, "added " + Answers.text(answer, "added"));
        return 0;
    }

    @Command(name = "list", description = "Show all users.")
    int list() throws CommandFailure, RequestFailure {
        var answer = context.client().get("/users");
        context.printList(answer, Answers.texts(answer, "users"));
        return 0;
    }

    @Command(name = "remove", description = "Remove a user; the mailbox is kept.")
    int remove(@Parameters(paramLabel = ADDRESS, description = "As alice@example.org.") String address)
            throws CommandFailure, RequestFailure {
        var answer = context.client().delete(path("users", address));
        var removed = Answers.text(answer, "removed");
        context.print(
                answer,
                "removed " + removed + "; undo: relais user add " + removed
                        + " (with a new password; the mailbox is kept)");
        return 0;
    }

    @Command(name = "password", description = "Give a user another password.")
    int password(
            @Parameters(paramLabel = ADDRESS, description = "As alice@example.org.") String address,
            @Option(names = STDIN, description = STDIN_IN_WORDS) boolean isOnStdin)
            throws CommandFailure, RequestFailure {
        var client = context.client();
        var password = new Passwords(context.terminal()).take(isOnStdin, address);
        var answer = client.post(path("users", address, "password"), Map.of("password", password));
        context.print(answer, "changed the password of " + Answers.text(answer, "changed"));
        return 0;
    }
}
