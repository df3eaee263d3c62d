package org.relais.administration.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relais.administration.port.Refusal;

class AdministrationServerTest {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";
    private static final String AUTHORIZED = "Authorization: Bearer " + TOKEN + "\r\n";

    @TempDir
    private Path directory;

    private final AtomicInteger reached = new AtomicInteger();
    private AdministrationServer server;
    private RawHttp http;

    @BeforeEach
    void start() throws IOException {
        var routes = new RouteTable.Builder()
                .route("GET", "/healthcheck", request -> RestResponse.ok(Map.of("status", "healthy")))
                .route("GET", "/users", request -> reach(""))
                .route("PUT", "/users/{}", request -> reach(request.variable(0) + request.query() + request.body()))
                .route("GET", "/bug", request -> {
                    throw new IllegalStateException("secret detail");
                })
                .route("GET", "/refused", request -> {
                    throw new Refusal(Refusal.Kind.CONFLICT, "it is \"so\"", "do that");
                })
                .build();
        server = AdministrationServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), endpoint(), new BearerToken(TOKEN), routes);
        http = new RawHttp(server.address());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private EndpointFile endpoint() {
        return EndpointFile.in(directory);
    }

    private RestResponse reach(String echo) {
        reached.incrementAndGet();
        return RestResponse.ok(Map.of("echo", echo));
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/users",
        "HEAD,/users",
        "POST,/users",
        "OPTIONS,/users",
        "TRACE,/users",
        "PUT,/users/a",
        "get,/users",
        "GET,//users",
        "GET,/users/",
        "GET,/%75sers",
        "GET,/users%2f",
        "GET,/healthcheck/",
        "GET,//healthcheck",
        "GET,/healthcheck/../users",
        "GET,/healthcheck%2f..%2fusers",
        "GET,/healthcheck;/users",
        "GET,/healthcheck%00",
        "GET,/%68ealthcheck",
        "GET,/./healthcheck",
        "GET,/HEALTHCHECK",
        "POST,/healthcheck",
        "OPTIONS,/healthcheck",
        "TRACE,/healthcheck",
        "DELETE,/healthcheck",
        "GET,http://localhost/users",
        "GET,http://healthcheck/users",
        "GET,users",
        "GET,*",
        "GET,/",
        "GET,/unknown",
        "CONNECT,localhost:80"
    })
    void reachesNothingWithoutTheTokenWhateverThePathLooksLike(String method, String target) throws IOException {
        var answer = http.request(method, target, "");

        assertThat(answer).containsPattern("^(HTTP/1.1 (40[014]|501) |$)").doesNotContain("echo", "healthy");
        assertThat(reached).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Bearer\r\n",
                "Authorization: Bearer \r\n",
                "Authorization: Bearer 0123456789abcdef0123456789abcde\r\n",
                "Authorization: Bearer 0123456789abcdef0123456789abcdefg\r\n",
                "Authorization: Bearer 0123456789ABCDEF0123456789ABCDEF\r\n",
                "Authorization: Basic 0123456789abcdef0123456789abcdef\r\n",
                "Authorization: 0123456789abcdef0123456789abcdef\r\n",
                "X-Authorization: Bearer 0123456789abcdef0123456789abcdef\r\n",
                "Authorization: Bearer x\r\nAuthorization: Bearer 0123456789abcdef0123456789abcdef\r\n",
                "X-Original-URL: /healthcheck\r\nX-HTTP-Method-Override: GET\r\n"
            })
    void answers401InTheOneFormOfErrorsToAnyOtherToken(String fields) throws IOException {
        var answer = http.request("GET", "/users?access_token=" + TOKEN, fields);

        assertThat(answer)
                .startsWith("HTTP/1.1 401 ")
                .containsIgnoringCase("WWW-Authenticate: Bearer")
                .contains("\"error\":", "\"remedy\":");
        assertThat(reached).hasValue(0);
    }

    @Test
    void showsTheHealthCheckToWhoHasNoToken() throws IOException {
        assertThat(http.request("GET", "/healthcheck", ""))
                .startsWith("HTTP/1.1 200 ")
                .contains("healthy");
        assertThat(http.request("GET", "/healthcheck?verbose", "")).startsWith("HTTP/1.1 200 ");
        assertThat(http.request("HEAD", "/healthcheck", ""))
                .startsWith("HTTP/1.1 200 ")
                .doesNotContain("healthy");
    }

    @Test
    void decodesEachPartOfThePathByItself() throws IOException {
        var answer =
                http.request("PUT", "/users/a+b%2Fc%40example.org?x=1+2", AUTHORIZED + "Content-Length: 2\r\n\r\n{}");

        assertThat(answer).startsWith("HTTP/1.1 200 ").contains("a+b/c@example.org{x=1 2}{}");
    }

    @ParameterizedTest
    @CsvSource({"GET,/users/,404", "GET,//users,404", "GET,/users/../users,404", "DELETE,/users,405", "PUT,/users/,404"
    })
    void matchesPathsExactlyWithTheTokenToo(String method, String target, String status) throws IOException {
        assertThat(http.request(method, target, AUTHORIZED)).startsWith("HTTP/1.1 " + status);
        assertThat(reached).hasValue(0);
    }

    @Test
    void saysWhichMethodsAPathTakes() throws IOException {
        assertThat(http.request("DELETE", "/users/a", AUTHORIZED)).contains("Allow: PUT");
    }

    @Test
    void refusesABodyOverTheBound() throws IOException {
        int size = AdministrationServer.MAX_BODY_BYTES + 1;

        var answer =
                http.request("PUT", "/users/a", AUTHORIZED + "Content-Length: " + size + "\r\n\r\n" + "x".repeat(size));

        assertThat(answer).startsWith("HTTP/1.1 413 ");
        assertThat(reached).hasValue(0);
    }

    @Test
    void answersABugWithoutItsDetail() throws IOException {
        assertThat(http.request("GET", "/bug", AUTHORIZED))
                .startsWith("HTTP/1.1 500 ")
                .doesNotContain("secret detail", "IllegalState");
    }

    @Test
    void answersARefusalWithItsRemedy() throws IOException {
        assertThat(http.request("GET", "/refused", AUTHORIZED))
                .startsWith("HTTP/1.1 409 ")
                .endsWith("{\"error\":\"it is \\\"so\\\"\",\"remedy\":\"do that\"}\n");
    }

    @Test
    void sendsNoCrossOriginFields() throws IOException {
        var preflight = AUTHORIZED + "Origin: https://example.org\r\nAccess-Control-Request-Method: PUT\r\n";

        assertThat(http.request("OPTIONS", "/users", preflight)).doesNotContainIgnoringCase("Access-Control");
        assertThat(http.request("GET", "/users", preflight)).doesNotContainIgnoringCase("Access-Control");
    }

    @Test
    void survivesGarbageAndHugeFields() throws IOException {
        http.send("\u0000\u0016\u0003\u0001\u0002\r\n\r\n");
        try {
            http.request("GET", "/users", "X: " + "x".repeat(1_000_000) + "\r\n");
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe).*"); // cut while we still write
        }

        assertThat(http.request("GET", "/users", AUTHORIZED)).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void servesOthersWhileClientsHoldHalfARequestOpen() throws IOException {
        var slow = new Socket[3];
        for (int i = 0; i < slow.length; i++) {
            slow[i] = new Socket(server.address().getAddress(), server.address().getPort());
            slow[i].getOutputStream().write("GET /us".getBytes());
        }

        assertThat(http.request("GET", "/users", AUTHORIZED)).startsWith("HTTP/1.1 200 ");

        for (var socket : slow) {
            socket.close();
        }
    }

    @Test
    void listensOnLoopbackOnly() {
        assertThatThrownBy(() -> AdministrationServer.start(
                        new InetSocketAddress("0.0.0.0", 0),
                        endpoint(),
                        new BearerToken(TOKEN),
                        new RouteTable.Builder().build()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tellsTheHomeWhereItListensWhileItDoes() throws IOException {
        assertThat(endpoint().read()).contains(server.address());
        assertThat(Files.getPosixFilePermissions(endpoint().path()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));

        server.close();

        assertThat(endpoint().read()).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void namesItselfWhenThePortIsInUse() {
        assertThatThrownBy(() -> AdministrationServer.start(
                        server.address(), endpoint(), new BearerToken(TOKEN), new RouteTable.Builder().build()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("administration listener")
                .hasMessageContaining(String.valueOf(server.address().getPort()));
    }

    @Test
    void answersWhatIsBeingWorkedOnBeforeItStops() throws Exception {
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var routes = new RouteTable.Builder()
                .route("GET", "/slow", request -> {
                    inside.countDown();
                    await(goOn);
                    return RestResponse.ok(Map.of("echo", "done"));
                })
                .build();
        var stopping = AdministrationServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), endpoint(), new BearerToken(TOKEN), routes);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            var answer = threads.submit(() -> new RawHttp(stopping.address()).request("GET", "/slow", AUTHORIZED));
            await(inside);

            var stopped = threads.submit(stopping::close);
            goOn.countDown();

            assertThat(answer.get(10, TimeUnit.SECONDS)).contains("done");
            stopped.get(10, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
