package org.relais.administration.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.relais.administration.port.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The administration's HTTP server, on the JDK's own (docs/adr/0006: a quarter of Spark's start-up time and 35 MB
 * less). Promises: one handler stands before all paths and asks for the token first, whatever the path looks like,
 * except for GET and HEAD of exactly {@code /healthcheck}; bodies are bounded; a request that is not read within 10 s,
 * or not answered within 60 s, is cut; no CORS; it listens on loopback only. At most four requests are worked on at
 * once, on threads of its own that end when idle.
 */
public final class AdministrationServer implements AutoCloseable {
    /** The largest body that is read, in octets. */
    public static final int MAX_BODY_BYTES = 64 * 1024;

    private static final Logger LOGGER = LoggerFactory.getLogger(AdministrationServer.class);
    private static final String PUBLIC_PATH = "/healthcheck";
    private static final int MAX_REQUESTS = 4;
    private static final int MAX_WAITING = 64;
    private static final long STOP_SECONDS = 5;

    /** The JDK reads these once per process; who starts the JVM may set others. */
    private static final Map<String, String> BOUNDS = Map.of(
            "sun.net.httpserver.maxReqTime", "10",
            "sun.net.httpserver.maxRspTime", "60",
            "sun.net.httpserver.maxReqHeaders", "64",
            "sun.net.httpserver.maxReqHeaderSize", "16384",
            "jdk.httpserver.maxConnections", "64",
            "sun.net.httpserver.nodelay", "true");

    private final HttpServer server;
    private final ThreadPoolExecutor executor;
    private final Semaphore working = new Semaphore(MAX_REQUESTS);
    private final BearerToken token;
    private final RouteTable routes;
    private final EndpointFile endpoint;

    private AdministrationServer(HttpServer server, EndpointFile endpoint, BearerToken token, RouteTable routes) {
        this.server = server;
        this.endpoint = endpoint;
        this.token = token;
        this.routes = routes;
        this.executor = executor();
        server.setExecutor(executor);
        server.createContext("/", this::handle);
    }

    /**
     * Binds, starts and tells the home where.
     *
     * @param address a loopback address; port 0 takes a free one
     * @param endpoint where the address is written, for the commands; removed at the end
     * @throws IOException if the port is in use or not permitted; the message names address and port
     */
    public static AdministrationServer start(
            InetSocketAddress address, EndpointFile endpoint, BearerToken token, RouteTable routes) throws IOException {
        if (address.getAddress() == null || !address.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("the administration listens on loopback only, not on " + address);
        }
        BOUNDS.forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
        var started = new AdministrationServer(bind(address), endpoint, token, routes);
        started.server.start();
        try {
            endpoint.write(started.address());
        } catch (IOException e) {
            started.close();
            throw e;
        }
        return started;
    }

    private static HttpServer bind(InetSocketAddress address) throws IOException {
        try {
            return HttpServer.create(address, MAX_WAITING);
        } catch (IOException e) {
            var socket = address.getHostString() + ":" + address.getPort();
            throw new IOException("administration listener " + socket + ": " + e.getMessage(), e);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Stops once the requests that are being worked on are answered, or after 5 s. */
    @Override
    public void close() {
        forgetEndpoint();
        try {
            if (!working.tryAcquire(MAX_REQUESTS, STOP_SECONDS, TimeUnit.SECONDS)) {
                LOGGER.atWarn()
                        .addKeyValue("seconds", STOP_SECONDS)
                        .log("administration requests are cut: they did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.stop(0);
        executor.shutdownNow();
    }

    private void forgetEndpoint() {
        try {
            endpoint.delete();
        } catch (IOException e) {
            LOGGER.atWarn()
                    .addKeyValue("file", endpoint.path())
                    .setCause(e)
                    .log("the file with the administration's address could not be removed");
        }
    }

    private void handle(HttpExchange exchange) {
        working.acquireUninterruptibly();
        try (exchange) {
            var response = answer(exchange);
            log(exchange, response);
            send(exchange, response);
        } catch (IOException e) {
            LOGGER.atDebug().setCause(e).log("administration client went away");
        } finally {
            working.release();
        }
    }

    private RestResponse answer(HttpExchange exchange) throws IOException {
        var method = exchange.getRequestMethod().equals("HEAD") ? "GET" : exchange.getRequestMethod();
        var path = exchange.getRequestURI().getRawPath();
        boolean isPublic = method.equals("GET") && PUBLIC_PATH.equals(path);
        if (!isPublic && !token.isIn(exchange.getRequestHeaders().getFirst("Authorization"))) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer realm=\"relais\"");
            return RestResponse.error(
                    401, "no valid token", "send Authorization: Bearer and the token of the home's file");
        }
        var body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            exchange.getResponseHeaders().set("Connection", "close");
            return RestResponse.error(413, "the body is too large", "send at most " + MAX_BODY_BYTES + " octets");
        }
        try {
            return route(exchange, method, path, new String(body, StandardCharsets.UTF_8));
        } catch (Refusal e) {
            if (e.kind() == Refusal.Kind.FAILED) {
                LOGGER.atError().addKeyValue("path", path).setCause(e).log("administration request failed");
            }
            return RestResponse.refused(e);
        } catch (RuntimeException e) { // the boundary of an HTTP route
            LOGGER.atError().addKeyValue("path", path).setCause(e).log("administration request failed: a bug");
            return RestResponse.error(500, "the server failed at this request", "see log/relais.log, and report it");
        }
    }

    private RestResponse route(HttpExchange exchange, String method, String path, String body) throws Refusal {
        Map<String, String> query;
        try {
            var match = routes.find(method, path);
            query = RouteTable.parameters(exchange.getRequestURI().getRawQuery());
            if (match.isPresent()) {
                return match.get().route().answer(new RestRequest(match.get().variables(), query, body));
            }
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.Kind.INVALID, "the path is not encoded well", "see RFC 3986 §2.1", e);
        }
        var methods = routes.methodsOf(path);
        if (methods.isEmpty()) {
            return RestResponse.error(404, "no such path", "the paths are listed in docs/administration.md");
        }
        exchange.getResponseHeaders().set("Allow", methods);
        return RestResponse.error(405, "this path does not take " + method, "it takes " + methods);
    }

    private static void send(HttpExchange exchange, RestResponse response) throws IOException {
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", response.contentType());
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(response.status(), -1);
            return;
        }
        var octets = response.octets();
        if (octets != null) {
            try (var content = octets.open()) {
                exchange.sendResponseHeaders(200, octets.size() == 0 ? -1 : octets.size());
                content.transferTo(exchange.getResponseBody());
            }
            return;
        }
        var bytes = response.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(response.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void log(HttpExchange exchange, RestResponse response) {
        boolean isChange = !exchange.getRequestMethod().equals("GET")
                && !exchange.getRequestMethod().equals("HEAD");
        var event = isChange || response.status() == 401 ? LOGGER.atInfo() : LOGGER.atDebug();
        event.addKeyValue("method", exchange.getRequestMethod())
                .addKeyValue("path", exchange.getRequestURI().getRawPath())
                .addKeyValue("status", response.status())
                .log("administration request");
    }

    private static ThreadPoolExecutor executor() {
        var number = new AtomicInteger();
        var executor = new ThreadPoolExecutor(
                MAX_REQUESTS,
                MAX_REQUESTS,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING),
                task -> {
                    var thread = new Thread(task, "administration-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                // The JDK would forget the connection of a rejected task; the acceptor's own thread is back-pressure.
                new ThreadPoolExecutor.CallerRunsPolicy());
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
