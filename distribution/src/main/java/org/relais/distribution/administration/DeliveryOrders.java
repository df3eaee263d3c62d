package org.relais.distribution.administration;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.relais.administration.port.DeliveryAdministration;
import org.relais.administration.port.DeliveryDestination;
import org.relais.administration.port.DeliveryOrder;
import org.relais.administration.port.DeliverySelection;
import org.relais.administration.port.Refusal;
import org.relais.administration.port.Via;
import org.relais.delivery.control.DeliveryControl;
import org.relais.delivery.control.Order;
import org.relais.delivery.control.Selection;
import org.relais.delivery.schedule.DestinationPattern;
import org.relais.delivery.schedule.DestinationState;
import org.relais.distribution.delivery.OutgoingDelivery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The administration's view of delivery: orders of the control file, destinations of the engine. */
final class DeliveryOrders implements DeliveryAdministration {
    private static final Logger LOGGER = LoggerFactory.getLogger(DeliveryOrders.class);
    /** Who has the token is the administrator; there is no other name. */
    private static final String WHO = "administrator";

    private final DeliveryControl control;
    private final OutgoingDelivery delivery;

    DeliveryOrders(DeliveryControl control, OutgoingDelivery delivery) {
        this.control = control;
        this.delivery = delivery;
    }

    @Override
    public List<DeliveryDestination> destinations(int most) {
        return delivery.destinations().stream()
                .sorted(Comparator.comparing(
                                (DestinationState state) -> state.decision().isEmpty())
                        .thenComparing(state -> -(long) state.queued() - state.parked() - state.running())
                        .thenComparing(DestinationState::destination))
                .limit(most)
                .map(DeliveryOrders::view)
                .toList();
    }

    private static DeliveryDestination view(DestinationState state) {
        return new DeliveryDestination(
                state.destination(),
                state.queued(),
                state.parked(),
                state.running(),
                state.concurrency(),
                state.decision(),
                state.until().orElse(null));
    }

    @Override
    public List<DeliveryOrder> orders() throws Refusal {
        List<DeliveryOrder> views = new ArrayList<>();
        for (Order order : control.list()) {
            views.add(view(order));
        }
        return views;
    }

    @Override
    public DeliveryOrder suspend(DeliverySelection selection, @Nullable Instant until, String reason) throws Refusal {
        try {
            Order order = control.suspend(selection(selection), Optional.ofNullable(until), reason, WHO);
            LOGGER.info("suspended: {}, until {}: {}", order.selection(), end(order), reason);
            return view(order);
        } catch (IOException e) {
            throw notWritten(e);
        } catch (IllegalArgumentException e) {
            throw invalid(e);
        }
    }

    @Override
    public DeliveryOrder reroute(DeliverySelection selection, Via via, @Nullable Instant until, String reason)
            throws Refusal {
        try {
            Order order =
                    control.reroute(selection(selection), via.toString(), Optional.ofNullable(until), reason, WHO);
            LOGGER.info("rerouted: {} by {}, until {}: {}", order.selection(), via, end(order), reason);
            return view(order);
        } catch (IOException e) {
            throw notWritten(e);
        } catch (IllegalArgumentException e) {
            throw invalid(e);
        }
    }

    @Override
    public boolean end(String id) throws Refusal {
        try {
            Optional<Order> ended = control.end(Long.parseLong(id));
            ended.ifPresent(order -> LOGGER.info("ended: {} ({})", order.selection(), order.reason()));
            delivery.ordersChanged();
            return ended.isPresent();
        } catch (NumberFormatException unknown) {
            return false;
        } catch (IOException e) {
            throw notWritten(e);
        }
    }

    private static String end(Order order) {
        return order.until().map(Instant::toString).orElse("it is resumed");
    }

    private static Selection selection(DeliverySelection wanted) {
        return new Selection(
                pattern(wanted.destination()),
                pattern("".equals(wanted.sender()) ? "<>" : wanted.sender()),
                pattern(wanted.recipient()),
                Set.copyOf(wanted.ids()));
    }

    private static Optional<DestinationPattern> pattern(@Nullable String text) {
        return Optional.ofNullable(text).map(DestinationPattern::new);
    }

    private static DeliveryOrder view(Order order) throws Refusal {
        Selection selection = order.selection();
        Optional<String> sender = selection.sender().map(DestinationPattern::toString);
        return new DeliveryOrder(
                Long.toString(order.number()),
                new DeliverySelection(
                        selection
                                .destination()
                                .map(DestinationPattern::toString)
                                .orElse(null),
                        sender.map(text -> text.equals("<>") ? "" : text).orElse(null),
                        selection.recipient().map(DestinationPattern::toString).orElse(null),
                        selection.queueIds().stream().sorted().toList()),
                order.via().isPresent() ? Via.parse(order.via().get()) : null,
                order.reason(),
                order.since(),
                order.until().orElse(null));
    }

    private static Refusal notWritten(IOException e) {
        LOGGER.error("an order was not written: nothing has changed", e);
        return new Refusal(
                Refusal.Kind.FAILED, "the order was not written: " + e.getMessage(), "see the disk of the home");
    }

    private static Refusal invalid(IllegalArgumentException e) {
        return new Refusal(Refusal.Kind.INVALID, String.valueOf(e.getMessage()), "see relais queue suspend --help");
    }
}
