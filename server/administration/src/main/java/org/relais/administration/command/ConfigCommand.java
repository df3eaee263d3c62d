package org.relais.administration.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.relais.administration.json.JsonWriter;
import org.relais.configuration.Finding;
import org.relais.configuration.schema.Reference;
import picocli.CommandLine.Command;

/** {@code relais config}: needs no running server. */
@Command(
        name = "config",
        addMethodSubcommands = false,
        description = "The configuration: check it, show what holds, look settings up.")
final class ConfigCommand {
    private final CommandContext context;

    ConfigCommand(CommandContext context) {
        this.context = context;
    }

    @Command(
            name = "check",
            description = "Find all errors, with file, line and remedy; exit status 1 if there are any.")
    int check() throws CommandFailure {
        var home = context.home();
        var result = context.configurationCheck().check(home);
        if (context.isJson()) {
            var members = new LinkedHashMap<String, Object>();
            members.put("sound", result.isSound());
            members.put(
                    "findings",
                    result.findings().stream().map(ConfigCommand::view).toList());
            context.out().println(JsonWriter.write(members));
        } else {
            result.findings().forEach(context.out()::println);
        }
        if (!result.isSound()) {
            throw unsound(result.findings());
        }
        if (!context.isJson()) {
            context.out().println("no error in " + home.conf());
        }
        return 0;
    }

    @Command(name = "show", description = "Show every setting of relais.xml as it holds, defaults included.")
    int show() throws CommandFailure {
        var result = context.configurationCheck().check(context.home());
        var settings = new ArrayList<Map<String, Object>>();
        var lines = new ArrayList<String>();
        for (var setting : result.effective()) {
            var members = new LinkedHashMap<String, Object>();
            members.put("name", setting.name());
            members.put("value", setting.value());
            members.put("default", setting.isDefault());
            members.put("line", setting.line());
            settings.add(members);
            var origin = setting.isDefault() ? "default" : "conf/relais.xml:" + setting.line();
            lines.add(setting.name() + " = " + setting.value() + "    # " + origin);
        }
        context.printList(Map.of("settings", settings), lines);
        if (!result.isSound()) {
            throw CommandFailure.failed(
                    "what is wrong is shown as its default", "relais config check tells all errors");
        }
        return 0;
    }

    @Command(name = "reference", description = "Show every setting there is: type, default, what it does.")
    int reference() {
        context.out().print(context.isJson() ? Reference.json() : Reference.text());
        context.out().flush();
        return 0;
    }

    /** The one line on stderr when findings have been shown. */
    static CommandFailure unsound(List<Finding> findings) {
        long errors = findings.stream().filter(Finding::isError).count();
        return CommandFailure.failed(
                errors + (errors == 1 ? " error" : " errors") + " in the configuration",
                "mend them as said above, then relais config check");
    }

    private static Map<String, Object> view(Finding finding) {
        var members = new LinkedHashMap<String, Object>();
        members.put("severity", finding.severity().word());
        members.put("file", finding.file());
        members.put("line", finding.line());
        members.put("message", finding.message());
        members.put("remedy", finding.remedy());
        return members;
    }
}
