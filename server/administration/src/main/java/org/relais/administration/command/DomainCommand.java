package org.relais.administration.command;

import static org.relais.administration.client.AdministrationClient.path;

import org.relais.administration.client.RequestFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code relais domain}. */
@Command(name = "domain", addMethodSubcommands = false, description = "The local domains: whose mail is taken in.")
final class DomainCommand {
    private final CommandContext context;

    DomainCommand(CommandContext context) {
        this.context = context;
    }

    @Command(name = "add", description = "Take mail for DOMAIN from now on.")
    int add(@Parameters(paramLabel = "DOMAIN", description = "As example.org.") String domain)
            throws CommandFailure, RequestFailure {
        var answer = context.client().put(path("domains", domain), java.util.Map.of());
        var added = Answers.text(answer, "added");
        context.print(answer, "added " + added + "; next: relais user add NAME@" + added);
        return 0;
    }

    @Command(name = "list", description = "Show all local domains.")
    int list() throws CommandFailure, RequestFailure {
        var answer = context.client().get("/domains");
        context.printList(answer, Answers.texts(answer, "domains"));
        return 0;
    }

    @Command(name = "remove", description = "Refuse mail for DOMAIN from now on; refused itself while users are in it.")
    int remove(@Parameters(paramLabel = "DOMAIN", description = "As example.org.") String domain)
            throws CommandFailure, RequestFailure {
        var answer = context.client().delete(path("domains", domain));
        var removed = Answers.text(answer, "removed");
        context.print(answer, "removed " + removed + "; undo: relais domain add " + removed);
        return 0;
    }
}
