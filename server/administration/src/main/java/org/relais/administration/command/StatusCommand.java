package org.relais.administration.command;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.relais.administration.client.RequestFailure;
import picocli.CommandLine.Command;

/** {@code relais status}. */
@Command(name = "status", description = "Show whether the server of the home runs, and how it is.")
final class StatusCommand implements Callable<Integer> {
    private final CommandContext context;

    StatusCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws CommandFailure, RequestFailure {
        var status = context.client().get("/status");
        context.print(status, inWords(status));
        return 0;
    }

    private static String inWords(Map<String, @Nullable Object> status) {
        var text = new StringBuilder();
        text.append("running, ").append(Answers.text(status, "status"));
        text.append(": Relais ").append(Answers.text(status, "version"));
        text.append(", process ").append(Answers.text(status, "pid"));
        if (status.get("uptimeSeconds") instanceof Long seconds) {
            text.append(", up ").append(inWords(Duration.ofSeconds(seconds)));
        }
        text.append("\nhome ").append(Answers.text(status, "home"));
        var queueSize = Answers.text(status, "queueSize");
        text.append("\nqueue ").append(queueSize.isEmpty() ? "unknown" : queueSize + " mails");
        for (var listener : Answers.objects(status, "listeners")) {
            text.append(String.format(
                    "%n  %-15s %s port %-6s tls %s",
                    Answers.text(listener, "protocol"),
                    Answers.text(listener, "address"),
                    Answers.text(listener, "port"),
                    Answers.text(listener, "tls")));
        }
        for (var component : Answers.objects(status, "components")) {
            text.append(String.format(
                    "%n  %-15s %s %s",
                    Answers.text(component, "name"),
                    Answers.text(component, "status"),
                    Answers.text(component, "detail")));
        }
        return text.toString();
    }

    private static String inWords(Duration uptime) {
        if (uptime.toDays() > 0) {
            return uptime.toDays() + " d " + uptime.toHoursPart() + " h";
        }
        return uptime.toHours() > 0
                ? uptime.toHours() + " h " + uptime.toMinutesPart() + " min"
                : uptime.toMinutes() + " min " + uptime.toSecondsPart() + " s";
    }
}
