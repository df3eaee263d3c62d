package org.relais.administration.fake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.relais.administration.port.QueueAction;
import org.relais.administration.port.QueueAdministration;
import org.relais.administration.port.QueueDamage;
import org.relais.administration.port.QueueSelection;
import org.relais.administration.port.QueueStatistics;
import org.relais.administration.port.QueuedEnvelope;
import org.relais.administration.port.QueuedEnvelope.Status;
import org.relais.administration.port.QueuedMail;
import org.relais.administration.port.Refusal;

/** A queue of envelopes in a map: knows ids, destinations and what is held or removed, and no other condition. */
public final class InMemoryQueue implements QueueAdministration {
    public static final Instant NOW = Instant.parse("2026-11-23T07:00:00Z");

    public final List<QueueSelection> selections = new ArrayList<>();
    public final Set<Long> busy = new LinkedHashSet<>();
    public final List<QueueDamage> damages = new ArrayList<>();
    public boolean isHoldingAll;
    public boolean isTorn;
    public long difference;
    private final TreeMap<Long, QueuedEnvelope> envelopes = new TreeMap<>();

    public synchronized void add(String queueId, String recipient) {
        long number = envelopes.size() + 1L;
        envelopes.put(number, envelope(queueId, number, recipient, Status.DUE));
    }

    public synchronized Status statusOf(long number) {
        return envelopes.get(number).status();
    }

    private static QueuedEnvelope envelope(String queueId, long number, String recipient, Status status) {
        return new QueuedEnvelope(
                queueId,
                number,
                "chain",
                status,
                NOW.minusSeconds(7200),
                NOW.plusSeconds(60),
                null,
                1331,
                "sender@example.net",
                recipient,
                2,
                5,
                "accepted",
                "451 4.7.1 later\u001b[31m");
    }

    private synchronized List<QueuedEnvelope> matching(QueueSelection selection, long after) {
        selections.add(selection);
        var destination = selection.destination();
        return envelopes.tailMap(after, false).values().stream()
                .filter(e -> selection.ids().isEmpty() || selection.ids().contains(e.queueId()))
                .filter(e -> destination == null || e.recipient().endsWith("@" + destination))
                .filter(e -> (e.status() == Status.REMOVED) == selection.isRemoved())
                .filter(e -> !selection.isHeld() || e.status() == Status.HELD)
                .toList();
    }

    @Override
    public QueuePage list(QueueSelection selection, long after, int limit) {
        var found = matching(selection, after);
        var page = found.subList(0, Math.min(limit, found.size()));
        return new QueuePage(
                page,
                after == 0 ? damages : List.of(),
                page.size() < found.size() ? page.get(page.size() - 1).number() : null,
                NOW);
    }

    @Override
    public QueuedMail show(String queueId) throws Refusal {
        var found = matching(QueueSelection.ALL.withIds(List.of(queueId)), 0);
        if (found.isEmpty()) {
            throw new Refusal(
                    Refusal.Kind.MISSING, "there is no mail " + queueId + " in the spool", "relais queue list");
        }
        var parts = found.stream()
                .map(envelope -> new QueuedMail.Part(
                        envelope,
                        1,
                        queueId,
                        "root",
                        "",
                        "192.0.2.1",
                        "",
                        "",
                        Map.of("spam", "{\"value\":true}"),
                        List.of("X-Own: yes"),
                        ""))
                .toList();
        return new QueuedMail(
                queueId, parts, List.of(new QueuedMail.Message(1, 1331, "Subject: h\u00ebllo\r\nX: y\r\n", "")), true);
    }

    @Override
    public Content content(String queueId, long message) {
        var octets = "Subject: \u00ff\r\n\r\nbody without an end".getBytes(StandardCharsets.ISO_8859_1);
        return new Content() {
            @Override
            public long size() {
                return isTorn ? octets.length + 1000 : octets.length;
            }

            @Override
            public InputStream open() throws IOException {
                return new ByteArrayInputStream(octets);
            }
        };
    }

    @Override
    public synchronized QueueOutcome act(QueueAction action, QueueSelection selection, long after, int limit) {
        var page = list(selection.withRemoved(action == QueueAction.RESTORE), after, limit);
        long done = 0;
        long working = 0;
        for (var envelope : page.envelopes()) {
            if (busy.contains(envelope.number())) {
                working++;
            } else {
                envelopes.put(
                        envelope.number(),
                        envelope(envelope.queueId(), envelope.number(), envelope.recipient(), after(action)));
                done++;
            }
        }
        var missing = after > 0
                ? List.<String>of()
                : selection.ids().stream()
                        .filter(id -> envelopes.values().stream()
                                .noneMatch(e -> e.queueId().equals(id)))
                        .toList();
        return new QueueOutcome(done, 0, working, missing, page.next(), NOW, NOW.plusSeconds(604_800));
    }

    private static Status after(QueueAction action) {
        return switch (action) {
            case RETRY, RELEASE, RESTORE -> Status.DUE;
            case HOLD -> Status.HELD;
            case REMOVE -> Status.REMOVED;
        };
    }

    @Override
    public void holdAll(boolean hold) {
        isHoldingAll = hold;
    }

    @Override
    public QueueStatistics statistics(int destinations) {
        Map<String, Long> came = new LinkedHashMap<>();
        came.put("accepted", 7L);
        came.put("dsn", 1L);
        return new QueueStatistics(
                came,
                Map.of("delivered", 5L),
                envelopes.size(),
                difference,
                new QueueStatistics.State(
                        isHoldingAll ? "the disk is full" : null, isHoldingAll, 2, 1, 0, damages.size(), 70_000, 1, 4),
                damages,
                Map.of("chain", (long) envelopes.size()),
                List.of(new QueueStatistics.Destination("example.org", 3, NOW.minusSeconds(90_000))),
                NOW.minusSeconds(90_000),
                NOW);
    }

    @Override
    public synchronized int acknowledge(List<String> places) {
        int before = damages.size();
        damages.removeIf(damage -> places.isEmpty() || places.contains(damage.place()));
        return before - damages.size();
    }
}
