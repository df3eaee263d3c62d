package org.relais.administration.command;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.relais.administration.client.RequestFailure;
import org.relais.configuration.home.Home;
import org.relais.configuration.home.HomeException;
import org.relais.configuration.home.HomeLock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code relais stop}: asks for the orderly stop and waits until the home's lock is free. */
@Command(name = "stop", description = "Stop the server of the home: sessions and deliveries may end, then it ends.")
final class StopCommand implements Callable<Integer> {
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final CommandContext context;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long to wait for its end (${DEFAULT-VALUE}).")
    private long waitSeconds = 60;

    StopCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws CommandFailure, RequestFailure {
        var client = context.client();
        var home = context.home();
        client.post("/stop", Map.of());
        awaitEnd(home);
        context.print(Map.of("stopped", home.root().toString()), "stopped");
        return 0;
    }

    private void awaitEnd(Home home) throws CommandFailure {
        long end = System.nanoTime() + Duration.ofSeconds(waitSeconds).toNanos();
        try {
            while (HomeLock.isHeld(home)) {
                if (System.nanoTime() > end) {
                    throw CommandFailure.failed(
                            "still stopping after " + waitSeconds + " s", "see log/relais.log for what it waits for");
                }
                LockSupport.parkNanos(STEP_NANOS);
            }
        } catch (HomeException e) {
            throw CommandContext.failed(e);
        }
    }
}
