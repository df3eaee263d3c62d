package org.relais.administration.command;

import static org.relais.administration.client.AdministrationClient.query;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.relais.administration.client.RequestFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code relais queue suspend}, {@code reroute} and {@code resume}. */
final class QueueOrders {
    private QueueOrders() {}

    /** The commands by name, for {@link QueueCommand}. */
    static Map<String, Supplier<Object>> of(CommandContext context) {
        var orders = new LinkedHashMap<String, Supplier<Object>>();
        orders.put("suspend", () -> new Suspend(context));
        orders.put("reroute", () -> new Reroute(context));
        orders.put("resume", () -> new Resume(context));
        return orders;
    }

    /** An order and its end. */
    static final class Term {
        @Option(
                names = "--until",
                paramLabel = "TIME",
                description = "Its end: 30m, 2h, 5d, or 2026-11-24T06:00Z; without it, until resumed.")
        @Nullable
        String until;

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for who comes next; has to be there.")
        @Nullable
        String reason;

        @Option(names = "--list", description = "Show what is in force instead.")
        boolean isList;
    }

    @Command(name = "suspend", description = "Deliver nothing to a destination, or of some mails, for a while.")
    static final class Suspend implements Callable<Integer> {
        private final CommandContext context;

        @Mixin
        DeliveryConditions conditions = new DeliveryConditions();

        @Mixin
        Term term = new Term();

        Suspend(CommandContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws CommandFailure, RequestFailure {
            return term.isList
                    ? list(context, "suspend")
                    : order(context, "suspend", conditions, term, new LinkedHashMap<>());
        }
    }

    @Command(
            name = "reroute",
            description = "Deliver to a destination, or some mails, by another next hop for a while.")
    static final class Reroute implements Callable<Integer> {
        private final CommandContext context;

        @Mixin
        DeliveryConditions conditions = new DeliveryConditions();

        @Option(names = "--via", paramLabel = "HOP", description = "smtp://host:port, lmtp://host:port, or mx.")
        @Nullable
        String via;

        @Mixin
        Term term = new Term();

        Reroute(CommandContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws CommandFailure, RequestFailure {
            if (term.isList) {
                return list(context, "reroute");
            }
            if (via == null) {
                throw CommandFailure.wrongUsage(
                        "--via is missing", "write --via smtp://host:port; see relais queue reroute --help");
            }
            Map<String, String> parameters = new LinkedHashMap<>();
            parameters.put("via", via);
            return order(context, "reroute", conditions, term, parameters);
        }
    }

    @Command(name = "resume", description = "End what was suspended or rerouted; what waited is due at once.")
    static final class Resume implements Callable<Integer> {
        private final CommandContext context;

        @Mixin
        DeliveryConditions conditions = new DeliveryConditions();

        @Option(names = "--order", paramLabel = "N", description = "That order, as --list and stats number it.")
        @Nullable
        String order;

        @Option(names = "--all", description = "All orders.")
        boolean isAll;

        Resume(CommandContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws CommandFailure, RequestFailure {
            var parameters = conditions.parameters();
            boolean isSelected = !parameters.isEmpty();
            DeliveryConditions.put(parameters, "order", order);
            DeliveryConditions.put(parameters, "all", isAll ? "true" : null);
            int ways = (isSelected ? 1 : 0) + (order == null ? 0 : 1) + (isAll ? 1 : 0);
            if (ways != 1) {
                throw CommandFailure.wrongUsage(
                        ways == 0 ? "which order?" : "several ways to say which order",
                        "say what it was given for, or --order N, or --all; see relais queue resume --help");
            }
            var answer = context.client().post("/delivery/resume" + query(parameters), Map.of());
            var ended = Answers.objects(answer, "ended");
            context.printList(
                    answer,
                    ended.isEmpty()
                            ? List.of("nothing was suspended or rerouted")
                            : ended.stream()
                                    .map(one -> "ended " + DeliveryLines.order(one))
                                    .toList());
            return 0;
        }
    }

    private static int order(
            CommandContext context,
            String word,
            DeliveryConditions conditions,
            Term term,
            Map<String, String> parameters)
            throws CommandFailure, RequestFailure {
        var selection = conditions.parameters();
        var help = "see relais queue " + word + " --help";
        if (selection.isEmpty()) {
            throw CommandFailure.wrongUsage("which mail?", "name a destination, a sender or queue ids; " + help);
        }
        if (term.reason == null || term.reason.isBlank()) {
            throw CommandFailure.wrongUsage("--reason is missing", "say why, for who comes next; " + help);
        }
        parameters.putAll(selection);
        DeliveryConditions.put(parameters, "until", term.until);
        parameters.put("reason", term.reason);
        var answer = context.client().post("/delivery/" + word + query(parameters), Map.of());
        context.print(
                answer,
                DeliveryLines.order(answer) + "; undo: " + context.launcherName() + " queue resume --order "
                        + Shell.quote(Answers.text(answer, "order")));
        return 0;
    }

    private static int list(CommandContext context, String word) throws CommandFailure, RequestFailure {
        var answer = context.client().get("/delivery" + query(Map.of("destinations", "0")));
        var orders = Answers.objects(answer, "orders").stream()
                .filter(order -> Answers.text(order, "does").equals(word))
                .toList();
        context.printList(
                Map.of("orders", orders),
                orders.isEmpty()
                        ? List.of("nothing is " + (word.equals("suspend") ? "suspended" : "rerouted"))
                        : orders.stream().map(DeliveryLines::order).toList());
        return 0;
    }
}
