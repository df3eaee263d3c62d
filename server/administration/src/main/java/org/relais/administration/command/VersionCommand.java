package org.relais.administration.command;

import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code relais version}. */
@Command(name = "version", description = "Show the versions of Relais, James and Java.")
final class VersionCommand implements Callable<Integer> {
    private final CommandContext context;

    VersionCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var version = Version.current();
        var members = new LinkedHashMap<String, String>();
        members.put("relais", version.relais());
        members.put("james", version.james());
        members.put("java", version.java());
        context.print(
                members,
                "Relais " + version.relais() + " on Apache James " + version.james() + ", Java " + version.java());
        return 0;
    }
}
