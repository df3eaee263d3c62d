package org.relais.delivery.control;

import java.util.Optional;
import java.util.Set;
import org.relais.delivery.schedule.DestinationPattern;

/**
 * Which mails an order is about: those that all given parts name. Patterns are those of {@link DestinationPattern}, for
 * addresses as well: {@code *@example.org}; {@code <>} is the null reverse-path.
 *
 * @param queueIds of which any may be the mail's; empty: no condition
 */
public record Selection(
        Optional<DestinationPattern> destination,
        Optional<DestinationPattern> sender,
        Optional<DestinationPattern> recipient,
        Set<String> queueIds) {
    public static final int MOST_IDS = 1000;

    public Selection {
        queueIds = Set.copyOf(queueIds);
        if (queueIds.size() > MOST_IDS) {
            throw new IllegalArgumentException("a selection has at most " + MOST_IDS + " queue ids");
        }
        if (destination.isEmpty() && sender.isEmpty() && recipient.isEmpty() && queueIds.isEmpty()) {
            throw new IllegalArgumentException("a selection names a destination, a sender, a recipient or a queue id");
        }
    }

    public static Selection ofDestination(String pattern) {
        return new Selection(
                Optional.of(new DestinationPattern(pattern)), Optional.empty(), Optional.empty(), Set.of());
    }

    /** @param reversePath without angle brackets; empty: the null reverse-path */
    public boolean matches(String destinationName, String reversePath, String forwardPath, String id) {
        String from = reversePath.isEmpty() ? "<>" : reversePath;
        return destination.map(pattern -> pattern.matches(destinationName)).orElse(true)
                && sender.map(pattern -> pattern.matches(from)).orElse(true)
                && recipient.map(pattern -> pattern.matches(forwardPath)).orElse(true)
                && (queueIds.isEmpty() || queueIds.contains(id));
    }

    /** Whether it is about whole destinations, which the schedule suspends by itself. */
    public boolean isOfDestinationsOnly() {
        return sender.isEmpty() && recipient.isEmpty() && queueIds.isEmpty();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        destination.ifPresent(pattern -> text.append(" destination ").append(pattern));
        sender.ifPresent(pattern -> text.append(" sender ").append(pattern));
        recipient.ifPresent(pattern -> text.append(" recipient ").append(pattern));
        queueIds.stream().sorted().forEach(id -> text.append(" mail ").append(id));
        return text.substring(1);
    }
}
