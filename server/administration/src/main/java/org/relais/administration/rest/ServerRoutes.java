package org.relais.administration.rest;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.relais.administration.http.RestResponse;
import org.relais.administration.http.RouteTable;
import org.relais.administration.port.ListenerView;
import org.relais.administration.port.MetricsText;
import org.relais.administration.port.ServerIdentity;
import org.relais.administration.port.ServerStatus;
import org.relais.administration.port.ServerStatus.Component;
import org.relais.administration.port.ServerStatus.Health;

/** {@code /healthcheck}, the only one without a token, {@code /status}, {@code /metrics} and {@code /stop}. */
public final class ServerRoutes {
    private final ServerIdentity identity;
    private final ServerStatus status;
    private final MetricsText metrics;
    private final Runnable requestStop;
    private final InstantSource clock;

    /**
     * Makes the routes.
     *
     * @param requestStop asks for the orderly stop and returns at once; called again at each request
     */
    public ServerRoutes(
            ServerIdentity identity,
            ServerStatus status,
            MetricsText metrics,
            Runnable requestStop,
            InstantSource clock) {
        this.identity = identity;
        this.status = status;
        this.metrics = metrics;
        this.requestStop = requestStop;
        this.clock = clock;
    }

    public void addTo(RouteTable.Builder routes) {
        routes.route("GET", "/healthcheck", request -> health())
                .route("GET", "/status", request -> status())
                .route(
                        "GET",
                        "/metrics",
                        request -> RestResponse.text("text/plain; version=0.0.4; charset=utf-8", metrics.render()))
                .route("POST", "/stop", request -> stop());
    }

    /** Names and words only: who has no token learns no more. 503 (RFC 9110 §15.6.4) if any component is unhealthy. */
    private RestResponse health() {
        var components = status.components();
        var worst = worst(components);
        return RestResponse.json(
                worst == Health.UNHEALTHY ? 503 : 200,
                Members.of(
                        "status",
                        worst.word(),
                        "components",
                        list(
                                components,
                                component -> Members.of(
                                        "name",
                                        component.name(),
                                        "status",
                                        component.health().word()))));
    }

    private RestResponse status() {
        var members = new LinkedHashMap<String, @Nullable Object>();
        var components = status.components();
        var queueSize = status.queueSize();
        members.put("status", worst(components).word());
        members.put("version", identity.version());
        members.put("home", identity.home().toString());
        members.put("pid", identity.pid());
        members.put("startedAt", identity.startedAt().toString());
        members.put(
                "uptimeSeconds",
                Duration.between(identity.startedAt(), clock.instant()).toSeconds());
        members.put("queueSize", queueSize.isPresent() ? (Object) queueSize.getAsLong() : null);
        members.put("listeners", list(status.listeners(), ServerRoutes::view));
        members.put("components", list(components, ServerRoutes::view));
        return RestResponse.ok(members);
    }

    private RestResponse stop() {
        requestStop.run();
        return RestResponse.accepted(Map.of("stopping", true));
    }

    private static Health worst(Iterable<Component> components) {
        var worst = Health.HEALTHY;
        for (var component : components) {
            worst = component.health().compareTo(worst) > 0 ? component.health() : worst;
        }
        return worst;
    }

    private static Map<String, Object> view(ListenerView listener) {
        var members = new LinkedHashMap<String, Object>();
        members.put("protocol", listener.protocol());
        members.put("address", listener.address());
        members.put("port", listener.port());
        members.put("tls", listener.tls().word());
        return members;
    }

    private static Map<String, Object> view(Component component) {
        var members = new LinkedHashMap<String, Object>();
        members.put("name", component.name());
        members.put("status", component.health().word());
        members.put("detail", component.detail());
        return members;
    }

    private static <T, V> Object list(java.util.List<T> items, Function<T, V> view) {
        return items.stream().map(view).toList();
    }
}
