package org.relais.administration.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.relais.administration.client.RequestFailure;
import picocli.CommandLine.Command;

/** {@code relais tls}. */
@Command(name = "tls", addMethodSubcommands = false, description = "The certificate that the listeners show.")
final class TlsCommand {
    private final CommandContext context;

    TlsCommand(CommandContext context) {
        this.context = context;
    }

    @Command(name = "show", description = "Show the certificate in use.")
    int show() throws CommandFailure, RequestFailure {
        var answer = context.client().get("/tls");
        context.printList(answer, lines(answer));
        return 0;
    }

    @Command(name = "reload", description = "Read certificate and key again, for new sessions; running ones stay.")
    int reload() throws CommandFailure, RequestFailure {
        var answer = context.client().post("/tls/reload", Map.of());
        context.printList(answer, lines(answer));
        return 0;
    }

    private static List<String> lines(Map<String, @Nullable Object> answer) {
        var lines = new ArrayList<String>();
        for (var certificate : Answers.objects(answer, "certificates")) {
            lines.add("subject  " + Answers.text(certificate, "subject"));
            lines.add("names    " + String.join(", ", Answers.texts(certificate, "names")));
            lines.add("issuer   " + Answers.text(certificate, "issuer")
                    + (Boolean.TRUE.equals(certificate.get("selfSigned")) ? " (self-signed)" : ""));
            lines.add("key      " + Answers.text(certificate, "key"));
            lines.add("valid    " + Answers.text(certificate, "notBefore") + " to "
                    + Answers.text(certificate, "notAfter"));
            lines.add("sha256   " + Answers.text(certificate, "sha256"));
        }
        return lines;
    }
}
