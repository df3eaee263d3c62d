package org.relais.administration.command;

import static org.relais.administration.client.AdministrationClient.path;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.relais.administration.client.RequestFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code relais alias}. */
@Command(
        name = "alias",
        addMethodSubcommands = false,
        description = "The aliases: further addresses whose mail goes elsewhere.")
final class AliasCommand {
    private static final String SOURCE = "SOURCE";
    private static final String SOURCE_IN_WORDS = "The alias, as info@example.org.";
    private static final String TARGET = "TARGET";
    private static final String TARGET_IN_WORDS = "Where its mail goes, as alice@example.org.";

    private final CommandContext context;

    AliasCommand(CommandContext context) {
        this.context = context;
    }

    @Command(name = "add", description = "Send mail for SOURCE to TARGET; a source may have several.")
    int add(
            @Parameters(index = "0", paramLabel = SOURCE, description = SOURCE_IN_WORDS) String source,
            @Parameters(index = "1", paramLabel = TARGET, description = TARGET_IN_WORDS) String target)
            throws CommandFailure, RequestFailure {
        var answer = context.client().put(path("aliases", source, target), Map.of());
        context.print(answer, "added " + line(Answers.object(answer, "added")));
        return 0;
    }

    @Command(name = "list", description = "Show all aliases.")
    int list() throws CommandFailure, RequestFailure {
        var answer = context.client().get("/aliases");
        context.printList(
                answer,
                Answers.objects(answer, "aliases").stream()
                        .map(AliasCommand::line)
                        .toList());
        return 0;
    }

    @Command(name = "remove", description = "Send mail for SOURCE to TARGET no more.")
    int remove(
            @Parameters(index = "0", paramLabel = SOURCE, description = SOURCE_IN_WORDS) String source,
            @Parameters(index = "1", paramLabel = TARGET, description = TARGET_IN_WORDS) String target)
            throws CommandFailure, RequestFailure {
        var answer = context.client().delete(path("aliases", source, target));
        var removed = line(Answers.object(answer, "removed"));
        context.print(answer, "removed " + removed + "; undo: relais alias add " + removed);
        return 0;
    }

    private static String line(Map<String, @Nullable Object> alias) {
        return Answers.text(alias, "source") + " " + Answers.text(alias, "target");
    }
}
