package org.relais.administration.command;

import static org.relais.administration.client.AdministrationClient.path;
import static org.relais.administration.client.AdministrationClient.query;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.relais.administration.client.AdministrationClient;
import org.relais.administration.client.RequestFailure;
import org.relais.administration.json.JsonWriter;
import org.relais.administration.port.QueueAction;
import org.relais.administration.port.SpoolVerification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relais queue}. */
@Command(
        name = "queue",
        addMethodSubcommands = false,
        description = "The spool: mails that were accepted and not yet delivered, one envelope for each recipient.")
final class QueueCommand {
    private static final String ALL = "--all";
    private static final String ALL_IN_WORDS = "All envelopes.";
    private static final int MOST_AT_ONCE = 1000;

    private final CommandContext context;
    private final SpoolVerification verification;

    QueueCommand(CommandContext context, SpoolVerification verification) {
        this.context = context;
        this.verification = verification;
    }

    @Command(name = "list", description = "Show envelopes, oldest first: id, stage, status, age, size, paths, outcome.")
    int list(
            @Mixin QueueConditions conditions,
            @Option(names = "--removed", description = "Those that were removed and can be restored.")
                    boolean isRemoved,
            @Option(names = ALL, description = "All of them: no page ends the list.") boolean isAll,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "100",
                            description = "How many at most; 100 without it, 1000 at most.")
                    int limit,
            @Option(
                            names = "--after",
                            paramLabel = "N",
                            defaultValue = "0",
                            description = "Go on behind the envelope of that number.")
                    long after)
            throws CommandFailure, RequestFailure {
        var parameters = conditions.parameters();
        parameters.put("removed", Boolean.toString(isRemoved));
        parameters.put("limit", Integer.toString(isAll ? MOST_AT_ONCE : limit));
        var client = context.client();
        parameters.put("after", Long.toString(after));
        var page = client.get("/queue" + query(parameters));
        if (isAll && context.isJson()) {
            printAllAsJson(client, parameters, page);
            return 0;
        }
        while (Answers.objects(page, "envelopes").isEmpty()
                && !Answers.text(page, "next").isEmpty()) {
            // The server has looked at so many envelopes as it does for one request, and found none.
            parameters.put("after", Answers.text(page, "next"));
            page = client.get("/queue" + query(parameters));
        }
        context.printList(page, lines(page));
        String next = Answers.text(page, "next");
        while (isAll && !next.isEmpty()) {
            parameters.put("after", next);
            page = client.get("/queue" + query(parameters));
            lines(page).forEach(context.out()::println);
            next = Answers.text(page, "next");
        }
        if (!next.isEmpty() && !context.isJson()) {
            context.out()
                    .println("more: " + again("list") + (isRemoved ? " --removed" : "") + " --limit " + limit
                            + " --after " + next + following(conditions));
        }
        return 0;
    }

    /** One object, as a page is, written as the pages come: there may be a million of envelopes. */
    private void printAllAsJson(
            AdministrationClient client, Map<String, String> parameters, Map<String, @Nullable Object> first)
            throws RequestFailure {
        var out = context.out();
        out.print("{\"damaged\":" + JsonWriter.write(first.get("damaged")) + ",\"asOf\":"
                + JsonWriter.write(first.get("asOf")) + ",\"envelopes\":[");
        var page = first;
        String before = "";
        while (true) {
            for (var envelope : Answers.objects(page, "envelopes")) {
                out.print(before + JsonWriter.write(envelope));
                before = ",";
            }
            String next = Answers.text(page, "next");
            if (next.isEmpty()) {
                out.println("],\"next\":null}");
                return;
            }
            parameters.put("after", next);
            page = client.get("/queue" + query(parameters));
        }
    }

    private static List<String> lines(Map<String, @Nullable Object> page) {
        var lines = new ArrayList<String>();
        Answers.objects(page, "damaged").forEach(damage -> lines.add(QueueLines.damage(damage)));
        var asOf = Answers.text(page, "asOf");
        Answers.objects(page, "envelopes").forEach(envelope -> lines.add(QueueLines.envelope(envelope, asOf)));
        return lines;
    }

    @Command(name = "show", description = "Show all of one mail: envelopes, attributes, header.")
    int show(
            @Parameters(paramLabel = "ID", description = "Its queue id.") String id,
            @Option(names = "--message", description = "Print the octets of its message instead, as they are.")
                    boolean isRaw,
            @Option(
                            names = "--number",
                            paramLabel = "N",
                            defaultValue = "0",
                            description = "Which message, where a mail has several.")
                    long number)
            throws CommandFailure, RequestFailure {
        if (isRaw) {
            context.client()
                    .download(
                            path("queue", id, "message") + query(Map.of("number", Long.toString(number))),
                            context.out());
            context.out().flush();
            return 0;
        }
        var mail = context.client().get(path("queue", id));
        context.printList(mail, QueueLines.mail(mail));
        return 0;
    }

    @Command(name = "retry", description = "Try again now. What is held stays held.")
    int retry(@Mixin QueueConditions conditions, @Option(names = ALL, description = ALL_IN_WORDS) boolean isAll)
            throws CommandFailure, RequestFailure {
        return batches(QueueAction.RETRY, conditions, isAll).run();
    }

    @Command(name = "hold", description = "Keep from chain and delivery until released.")
    int hold(
            @Mixin QueueConditions conditions,
            @Option(names = ALL, description = "Everything, also what arrives from now on, over restarts.")
                    boolean isAll)
            throws CommandFailure, RequestFailure {
        return isAll
                ? holdAll(conditions, "hold")
                : batches(QueueAction.HOLD, conditions, false).run();
    }

    @Command(name = "release", description = "End a hold.")
    int release(
            @Mixin QueueConditions conditions,
            @Option(names = ALL, description = "End hold --all; what is held one by one stays held.") boolean isAll)
            throws CommandFailure, RequestFailure {
        return isAll
                ? holdAll(conditions, "release")
                : batches(QueueAction.RELEASE, conditions, false).run();
    }

    @Command(name = "remove", description = "Take out of the queue; nobody is told. Can be undone for a while.")
    int remove(
            @Mixin QueueConditions conditions,
            @Option(names = ALL, description = ALL_IN_WORDS) boolean isAll,
            @Option(names = "--yes", description = "Do not ask.") boolean isYes,
            @Option(
                            names = "--damaged",
                            paramLabel = "PLACE",
                            arity = "0..*",
                            fallbackValue = "",
                            description =
                                    "Take note of damage, as list names it; what it made unreadable leaves for good.")
                    @Nullable
                    List<String> damaged)
            throws CommandFailure, RequestFailure {
        if (damaged != null) {
            return acknowledge(damaged, isYes);
        }
        var batches = batches(QueueAction.REMOVE, conditions, isAll);
        if (!isYes) {
            confirm("Remove " + batches.extent() + " from the queue? No sender is told. [yes/no] ");
        }
        return batches.run();
    }

    @Command(name = "restore", description = "Bring back what was removed, within the retention time.")
    int restore(
            @Mixin QueueConditions conditions,
            @Option(names = ALL, description = "All that were removed.") boolean isAll)
            throws CommandFailure, RequestFailure {
        return batches(QueueAction.RESTORE, conditions, isAll).run();
    }

    @Command(name = "stats", description = "Show the accounts, whether they add up, and what waits for whom.")
    int stats(
            @Option(
                            names = "--destinations",
                            paramLabel = "N",
                            defaultValue = "10",
                            description = "How many domains, those with most mail first; 10 without it.")
                    int destinations)
            throws CommandFailure, RequestFailure {
        var most = query(Map.of("destinations", Integer.toString(destinations)));
        var client = context.client();
        var stats = client.get("/queue/stats" + most);
        var delivery = client.get("/delivery" + most);
        var lines = QueueStatisticsLines.of(stats);
        lines.addAll(DeliveryLines.of(delivery));
        stats.put("delivery", delivery);
        context.printList(stats, lines);
        return Boolean.TRUE.equals(stats.get("addsUp")) ? 0 : CommandFailure.FAILED;
    }

    @Command(name = "verify", description = "Read the whole spool of a stopped server; name each damaged record.")
    int verify() throws CommandFailure {
        return new QueueVerify(context, verification).run();
    }

    private QueueBatches batches(QueueAction action, QueueConditions conditions, boolean isAll) throws CommandFailure {
        if (conditions.isEmpty() && !isAll) {
            throw CommandFailure.wrongUsage(
                    "which envelopes?",
                    "name queue ids or conditions, or --all; see relais queue " + action.word() + " --help");
        }
        if (!conditions.isEmpty() && isAll) {
            throw alone(action.word());
        }
        return new QueueBatches(context, action, conditions, again(action.word()));
    }

    private int holdAll(QueueConditions conditions, String word) throws CommandFailure, RequestFailure {
        if (!conditions.isEmpty()) {
            throw alone(word);
        }
        var answer = context.client().post(path("queue", word + "-all"), Map.of());
        var held = Answers.text(answer, "held");
        context.print(
                answer,
                word.equals("hold")
                        ? "holding everything, also what arrives; undo: " + again("release") + " --all"
                        : "holding no longer"
                                + (held.equals("0")
                                        ? ""
                                        : "; " + held + " envelopes are held one by one: " + again("release")
                                                + " --held"));
        return 0;
    }

    private int acknowledge(List<String> places, boolean isYes) throws CommandFailure, RequestFailure {
        var named = places.stream().filter(place -> !place.isEmpty()).toList();
        if (!isYes) {
            confirm("Envelopes that cannot be read leave for good, and the damage is told no more. [yes/no] ");
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        if (!named.isEmpty()) {
            parameters.put("place", String.join(",", named));
        }
        var answer = context.client().post("/queue/acknowledge" + query(parameters), Map.of());
        var count = Answers.text(answer, "acknowledged");
        context.print(answer, "took note of " + count + " damages");
        return count.equals("0") || !named.isEmpty() && !count.equals(Integer.toString(named.size()))
                ? CommandFailure.FAILED
                : 0;
    }

    private void confirm(String question) throws CommandFailure {
        var answer = context.terminal().prompt().askOpenly(question);
        if (answer.isEmpty()) {
            throw CommandFailure.wrongUsage("nobody is there to be asked", "say --yes; see relais queue remove --help");
        }
        if (!answer.get().strip().equalsIgnoreCase("yes")) {
            throw CommandFailure.failed("nothing was removed", "");
        }
    }

    private static CommandFailure alone(String word) {
        return CommandFailure.wrongUsage(
                "--all stands alone", "leave it out, or the ids and conditions; see relais queue " + word + " --help");
    }

    private String again(String word) {
        return context.launcherName() + " queue " + word;
    }

    private static String following(QueueConditions conditions) {
        var words = conditions.words();
        return words.isEmpty() ? "" : " " + words;
    }
}
