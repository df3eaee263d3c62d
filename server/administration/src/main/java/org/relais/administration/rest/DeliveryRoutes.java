package org.relais.administration.rest;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.relais.administration.http.RestRequest;
import org.relais.administration.http.RestResponse;
import org.relais.administration.http.RouteTable;
import org.relais.administration.port.DeliveryAdministration;
import org.relais.administration.port.DeliveryDestination;
import org.relais.administration.port.DeliveryOrder;
import org.relais.administration.port.DeliverySelection;
import org.relais.administration.port.Refusal;
import org.relais.administration.port.Via;

/** {@code /delivery}: what each destination does, and the orders of operators. Safe for use by many threads. */
public final class DeliveryRoutes {
    private static final String USUAL_DESTINATIONS = "10";
    private static final int MOST_DESTINATIONS = 1000;
    private static final int MOST_REASON = 500;
    private static final Set<String> CONDITIONS = Set.of("destination", "sender", "recipient", "id");

    private final DeliveryAdministration delivery;
    private final InstantSource clock;

    public DeliveryRoutes(DeliveryAdministration delivery, InstantSource clock) {
        this.delivery = delivery;
        this.clock = clock;
    }

    public void addTo(RouteTable.Builder routes) {
        routes.route("GET", "/delivery", this::show)
                .route("POST", "/delivery/suspend", this::suspend)
                .route("POST", "/delivery/reroute", this::reroute)
                .route("POST", "/delivery/resume", this::resume);
    }

    private RestResponse show(RestRequest request) throws Refusal {
        check(request, Set.of("destinations"));
        var most = request.query().getOrDefault("destinations", USUAL_DESTINATIONS);
        if (!most.matches("[0-9]{1,4}") || Integer.parseInt(most) > MOST_DESTINATIONS) {
            throw invalid("destinations is out of range", "a whole number from 0 to " + MOST_DESTINATIONS);
        }
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("asOf", clock.instant().toString());
        members.put("orders", views(delivery.orders()));
        members.put(
                "destinations",
                delivery.destinations(Integer.parseInt(most)).stream()
                        .map(DeliveryRoutes::view)
                        .toList());
        return RestResponse.ok(members);
    }

    private RestResponse suspend(RestRequest request) throws Refusal {
        check(request, Set.of("until", "reason"));
        return RestResponse.created(view(delivery.suspend(selection(request), until(request), reason(request))));
    }

    private RestResponse reroute(RestRequest request) throws Refusal {
        check(request, Set.of("until", "reason", "via"));
        var via = Via.parse(request.query().getOrDefault("via", ""));
        return RestResponse.created(view(delivery.reroute(selection(request), via, until(request), reason(request))));
    }

    /** Ends the order of that number, those with exactly these conditions, or all. */
    private RestResponse resume(RestRequest request) throws Refusal {
        check(request, Set.of("order", "all"));
        var order = request.query().get("order");
        boolean isAll = request.choice("all", List.of("false", "true")).equals("true");
        Predicate<DeliveryOrder> isMeant;
        if (isAll) {
            isMeant = any -> true;
        } else if (order != null) {
            isMeant = one -> one.id().equals(order);
        } else {
            var selection = selection(request);
            isMeant = one -> one.selection().equals(selection);
        }
        var ended = delivery.orders().stream().filter(isMeant).toList();
        if (ended.isEmpty() && !isAll) {
            throw new Refusal(
                    Refusal.Kind.MISSING,
                    "there is no such order",
                    "relais queue suspend --list and relais queue reroute --list tell what is in force");
        }
        for (var one : ended) {
            delivery.end(one.id());
        }
        return RestResponse.ok(Map.of("ended", views(ended)));
    }

    private static DeliverySelection selection(RestRequest request) throws Refusal {
        var query = request.query();
        if (CONDITIONS.stream().noneMatch(query::containsKey)) {
            throw invalid("no mail is named", "one of " + String.join(", ", new TreeSet<>(CONDITIONS)));
        }
        List<String> ids = query.containsKey("id")
                ? Arrays.stream(query.getOrDefault("id", "").split(","))
                        .distinct()
                        .sorted()
                        .toList()
                : List.of();
        if (ids.size() > DeliverySelection.MOST_IDS) {
            throw invalid(ids.size() + " ids at once", "name at most " + DeliverySelection.MOST_IDS);
        }
        for (var id : ids) {
            QueueRequest.checkId(id);
        }
        return new DeliverySelection(query.get("destination"), query.get("sender"), query.get("recipient"), ids);
    }

    private @Nullable Instant until(RestRequest request) throws Refusal {
        var text = request.query().get("until");
        return text == null ? null : PointInTime.end("until", text, clock.instant());
    }

    /** Who comes next wants to know why. */
    private static String reason(RestRequest request) throws Refusal {
        var reason = request.query().getOrDefault("reason", "").strip();
        if (reason.isEmpty() || reason.length() > MOST_REASON) {
            throw invalid(
                    reason.isEmpty() ? "a reason is missing" : "the reason is too long",
                    "say why in at most " + MOST_REASON + " characters");
        }
        return reason;
    }

    private static void check(RestRequest request, Set<String> names) throws Refusal {
        var unknown = new TreeSet<>(request.query().keySet());
        unknown.removeAll(names);
        if (!names.contains("destinations")) {
            unknown.removeAll(CONDITIONS);
        }
        if (!unknown.isEmpty()) {
            throw invalid("unknown parameter " + unknown.first(), "see relais queue suspend --help");
        }
    }

    private static Refusal invalid(String what, String remedy) {
        return new Refusal(Refusal.Kind.INVALID, what, remedy);
    }

    private static List<Map<String, @Nullable Object>> views(List<DeliveryOrder> orders) {
        return orders.stream().map(DeliveryRoutes::view).toList();
    }

    private static Map<String, @Nullable Object> view(DeliveryOrder order) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("order", order.id());
        members.put("does", order.isSuspension() ? "suspend" : "reroute");
        members.put("destination", order.selection().destination());
        members.put("sender", order.selection().sender());
        members.put("recipient", order.selection().recipient());
        members.put("ids", order.selection().ids());
        members.put("via", order.via() == null ? null : order.via().toString());
        members.put("reason", order.reason());
        members.put("since", order.since().toString());
        members.put("until", order.until() == null ? null : order.until().toString());
        return members;
    }

    private static Map<String, @Nullable Object> view(DeliveryDestination destination) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("destination", destination.name());
        members.put("running", destination.running());
        members.put("concurrency", destination.concurrency());
        members.put("queued", destination.queued());
        members.put("parked", destination.parked());
        members.put("decision", destination.decision());
        members.put(
                "until",
                destination.until() == null ? null : destination.until().toString());
        return members;
    }
}
