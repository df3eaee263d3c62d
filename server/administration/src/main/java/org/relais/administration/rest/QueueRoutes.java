package org.relais.administration.rest;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.relais.administration.http.RestRequest;
import org.relais.administration.http.RestResponse;
import org.relais.administration.http.RouteTable;
import org.relais.administration.port.QueueAction;
import org.relais.administration.port.QueueAdministration;
import org.relais.administration.port.Refusal;

/** {@code /queue}: what is in the spool, and what an operator does to it, a page or a batch at a time. */
public final class QueueRoutes {
    private static final int USUAL_DESTINATIONS = 10;
    private static final int MOST_DESTINATIONS = 1000;

    private final QueueAdministration queue;

    public QueueRoutes(QueueAdministration queue) {
        this.queue = queue;
    }

    public void addTo(RouteTable.Builder routes) {
        routes.route("GET", "/queue", this::list)
                .route("GET", "/queue/stats", this::statistics)
                .route("GET", "/queue/{}", this::show)
                .route("GET", "/queue/{}/message", this::message)
                .route("POST", "/queue/hold-all", request -> holdAll(true))
                .route("POST", "/queue/release-all", request -> holdAll(false))
                .route("POST", "/queue/acknowledge", this::acknowledge);
        for (var action : QueueAction.values()) {
            routes.route("POST", "/queue/" + action.word(), request -> act(action, request));
        }
    }

    private RestResponse list(RestRequest request) throws Refusal {
        var wanted = new QueueRequest(request);
        return RestResponse.ok(QueueViews.view(queue.list(wanted.selection(), wanted.after(), wanted.limit())));
    }

    private RestResponse show(RestRequest request) throws Refusal {
        return RestResponse.ok(QueueViews.view(queue.show(QueueRequest.checkId(request.variable(0)))));
    }

    private RestResponse message(RestRequest request) throws Refusal {
        var number = request.query().getOrDefault("number", "0");
        if (!number.matches("[0-9]{1,18}")) {
            throw new Refusal(
                    Refusal.Kind.INVALID, "the message's number is no number", "relais queue show tells the numbers");
        }
        var content = queue.content(QueueRequest.checkId(request.variable(0)), Long.parseLong(number));
        return RestResponse.octets("message/rfc822", new RestResponse.Octets() {
            @Override
            public long size() {
                return content.size();
            }

            @Override
            public InputStream open() throws IOException {
                return content.open();
            }
        });
    }

    private RestResponse act(QueueAction action, RestRequest request) throws Refusal {
        var wanted = new QueueRequest(request);
        return RestResponse.ok(QueueViews.view(queue.act(action, wanted.selection(), wanted.after(), wanted.limit())));
    }

    private RestResponse holdAll(boolean hold) throws Refusal {
        queue.holdAll(hold);
        var held = queue.statistics(1).state().held();
        return RestResponse.ok(Members.<Object>of("holdingAll", hold, "held", held));
    }

    private RestResponse statistics(RestRequest request) throws Refusal {
        var destinations = request.query().getOrDefault("destinations", Integer.toString(USUAL_DESTINATIONS));
        if (!destinations.matches("[0-9]{1,4}") || Integer.parseInt(destinations) > MOST_DESTINATIONS) {
            throw new Refusal(
                    Refusal.Kind.INVALID,
                    "destinations is out of range",
                    "a whole number from 0 to " + MOST_DESTINATIONS);
        }
        return RestResponse.ok(QueueViews.view(queue.statistics(Integer.parseInt(destinations))));
    }

    /** Without places: everything that is known to be damaged. */
    private RestResponse acknowledge(RestRequest request) throws Refusal {
        var places = request.query().getOrDefault("place", "");
        List<String> named =
                places.isEmpty() ? List.of() : Arrays.stream(places.split(",")).toList();
        return RestResponse.ok(Map.of("acknowledged", queue.acknowledge(named)));
    }
}
