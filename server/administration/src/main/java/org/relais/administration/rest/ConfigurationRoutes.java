package org.relais.administration.rest;

import java.util.Map;
import java.util.function.Supplier;
import org.relais.administration.http.RestResponse;
import org.relais.administration.http.RouteTable;

/** {@code /configuration}: what the running server was started with, defaults filled in, secrets left out. */
public final class ConfigurationRoutes {
    private final Supplier<Map<String, Object>> effective;

    public ConfigurationRoutes(Supplier<Map<String, Object>> effective) {
        this.effective = effective;
    }

    public void addTo(RouteTable.Builder routes) {
        routes.route("GET", "/configuration", request -> RestResponse.ok(effective.get()));
    }
}
