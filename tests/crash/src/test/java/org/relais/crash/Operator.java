package org.relais.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.relais.testkit.server.AdministrationClient;
import org.relais.testkit.server.TestHome;
import org.relais.testkit.wire.Deadline;
import org.relais.testkit.wire.Wire;

/** What a person at the command line does, by the routes that it uses. For one thread. */
final class Operator {
    private static final Pattern NEXT = Pattern.compile("\"next\":\"(\\d*)\"");
    private static final int MOST_PAGES = 1000;

    private static final Duration START = Duration.ofSeconds(60);

    private final AdministrationClient client;
    private final InetSocketAddress address;
    private final String token;

    Operator(TestHome home) {
        client = new AdministrationClient(home);
        address = new InetSocketAddress("127.0.0.1", home.ports().administration());
        token = home.token();
    }

    /** {@code relais queue retry --all}: what waits is due now. */
    void retryAll() {
        awaitAdministration();
        String next = "0";
        for (int page = 0; !next.isEmpty(); page++) {
            assertThat(page).as("pages of a retry").isLessThan(MOST_PAGES);
            HttpResponse<String> answer = client.request("POST", "/queue/retry?limit=500&after=" + next, "{}", token);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            Matcher matcher = NEXT.matcher(answer.body());
            next = matcher.find() ? matcher.group(1) : "";
        }
    }

    /** It comes up behind the listeners. */
    private void awaitAdministration() {
        Deadline deadline = Deadline.in(START);
        while (!isUp()) {
            assertThat(deadline.isPast())
                    .as("no administration within " + START)
                    .isFalse();
            // Nothing tells from outside that a port is open.
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    private boolean isUp() {
        try (Wire wire = Wire.connect(address)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** {@code relais queue stats}, as JSON. */
    String statistics() {
        return client.get("/queue/stats");
    }
}
