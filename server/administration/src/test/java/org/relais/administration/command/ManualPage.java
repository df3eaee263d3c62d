package org.relais.administration.command;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page relais(1) in man(7)'s macros, written from the commands' own declarations. */
final class ManualPage {
    private final StringBuilder page = new StringBuilder();

    private ManualPage() {}

    static String of(CommandLine commands) {
        var manual = new ManualPage();
        manual.head();
        for (var command : commands.getSubcommands().values()) {
            manual.command(command.getCommandSpec());
        }
        manual.options(commands.getCommandSpec());
        manual.tail();
        return manual.page.toString();
    }

    private void head() {
        line(".\\\" Written by ManualPageTest from the commands' declarations: change those, and run it.");
        line(".TH RELAIS 1 \"\" \"Relais\" \"Relais manual\"");
        line(".SH NAME");
        line("relais \\- a mail relay: its server and its command line");
        line(".SH SYNOPSIS");
        line(".B relais");
        line("[\\fB\\-\\-home\\fR \\fIDIR\\fR] [\\fB\\-\\-json\\fR] \\fICOMMAND\\fR");
        line(".SH COMMANDS");
    }

    private void command(CommandSpec spec) {
        if (spec.usageMessage().hidden()) {
            return;
        }
        if (spec.subcommands().isEmpty()) {
            line(".TP");
            line(synopsis(spec));
            line(text(spec.usageMessage().description()));
            ownOptions(spec).forEach(option -> {
                line(".RS");
                line(".TP");
                line(option(option));
                line(text(option.description()));
                line(".RE");
            });
        } else {
            spec.subcommands().values().forEach(sub -> command(sub.getCommandSpec()));
        }
    }

    private static String synopsis(CommandSpec spec) {
        var words = new ArrayList<String>();
        words.add("\\fB" + escaped(spec.qualifiedName().substring("relais ".length())) + "\\fR");
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            words.add("\\fI" + escaped(parameter.paramLabel()) + "\\fR");
        }
        return String.join(" ", words);
    }

    private void options(CommandSpec spec) {
        line(".SH OPTIONS");
        line("Every command takes these, before or after its name.");
        for (var option : spec.options()) {
            line(".TP");
            line(option(option));
            line(text(option.description()));
        }
    }

    private static List<OptionSpec> ownOptions(CommandSpec spec) {
        return spec.options().stream()
                .filter(option -> !option.inherited())
                .filter(option -> !option.usageHelp() && !option.versionHelp())
                .toList();
    }

    private static String option(OptionSpec option) {
        var names = new ArrayList<String>();
        for (var name : option.names()) {
            names.add("\\fB" + escaped(name) + "\\fR");
        }
        return String.join(", ", names) + (option.arity().max() > 0 ? " \\fI" + label(option) + "\\fR" : "");
    }

    private static String label(ArgSpec option) {
        return escaped(option.paramLabel());
    }

    private void tail() {
        line(".SH EXIT STATUS");
        line("0 if it was done, 1 if it failed (one line on standard error says what and what to do), 2 if it was "
                + "called wrongly.");
        line(".SH ENVIRONMENT");
        line(".TP");
        line("\\fBRELAIS_HOME\\fR");
        line("The home, unless \\fB\\-\\-home\\fR names one.");
        line(".TP");
        line("\\fBRELAIS_JAVA_OPTS\\fR");
        line("Further options of the server's JVM, such as \\-Xmx2g.");
    }

    private static String text(String[] description) {
        return escaped(String.join(" ", description).replace("${DEFAULT-VALUE}", "60"));
    }

    private static String escaped(String text) {
        var escaped = text.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }

    private void line(String line) {
        page.append(line).append('\n');
    }
}
