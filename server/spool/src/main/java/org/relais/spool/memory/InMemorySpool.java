package org.relais.spool.memory;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.relais.spool.Accounts;
import org.relais.spool.BrowseFilter;
import org.relais.spool.Census;
import org.relais.spool.Changes;
import org.relais.spool.Changes.Change;
import org.relais.spool.Claim;
import org.relais.spool.DamagedRecord;
import org.relais.spool.Disposition;
import org.relais.spool.Envelope;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.EnvelopeId;
import org.relais.spool.MessageContent;
import org.relais.spool.MessageId;
import org.relais.spool.MessageWriter;
import org.relais.spool.NewEnvelope;
import org.relais.spool.Origin;
import org.relais.spool.Page;
import org.relais.spool.PendingMessage;
import org.relais.spool.Receipt;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.SpoolStatus;
import org.relais.spool.SpoolTime;
import org.relais.spool.Stage;

/**
 * The spool's twin in memory: same contract, nothing survives. It is written to be obviously right, not to be fast:
 * one lock, sorted maps, scans. Safe for use by many threads.
 */
public final class InMemorySpool implements Spool {
    private final SpoolTime time;
    private final long capacity;
    private final Duration retention;
    private final TreeMap<EnvelopeId, Envelope> envelopes = new TreeMap<>();
    private final Map<MessageId, byte[]> messages = new HashMap<>();
    private final Map<EnvelopeId, Claim> claims = new HashMap<>();
    private final Map<EnvelopeId, Long> laneOf = new HashMap<>();
    private final Map<Origin, Long> came = new EnumMap<>(Origin.class);
    private final Map<Disposition, Long> left = new EnumMap<>(Disposition.class);
    private long lastId;
    private long bytes;
    private long commits;
    private boolean isHoldingAll;
    private boolean isClosed;

    public InMemorySpool(InstantSource clock) {
        this(clock, System::nanoTime, 64L << 20, Duration.ofDays(7));
    }

    /**
     * @param capacity bytes of messages that it takes
     * @param retention how long removed entries can be restored
     */
    public InMemorySpool(InstantSource clock, LongSupplier nanos, long capacity, Duration retention) {
        this.time = new SpoolTime(clock, nanos);
        this.capacity = capacity;
        this.retention = retention;
    }

    @Override
    public synchronized void checkRoom(long size) throws SpoolException {
        checkOpen();
        if (!hasRoom(size)) {
            throw new SpoolException.Full("the spool in memory has no room for " + size + " bytes");
        }
    }

    @Override
    public MessageWriter newMessage() {
        return new HeapMessageWriter(this::hasRoom);
    }

    @Override
    public synchronized CompletionStage<Receipt> commit(Changes changes) {
        try {
            checkOpen();
            tidy();
            check(changes);
        } catch (SpoolException e) {
            return CompletableFuture.failedStage(e);
        }
        List<EnvelopeId> created = new ArrayList<>();
        List<Claim> kept = new ArrayList<>();
        for (Change change : changes.list()) {
            apply(change, created, kept);
        }
        messages.keySet()
                .removeIf(id ->
                        envelopes.values().stream().noneMatch(e -> e.message().equals(id)));
        bytes = messages.values().stream().mapToLong(content -> content.length).sum();
        commits++;
        notifyAll();
        return CompletableFuture.completedStage(new Receipt(created, kept));
    }

    private void check(Changes changes) throws SpoolException {
        long size = 0;
        for (Change change : changes.list()) {
            if (change instanceof Change.Create create) {
                size += create.message().size();
                for (Change.Update update : create.moved()) {
                    checkClaim(update.claim());
                }
            } else if (change instanceof Change.Share share) {
                checkClaim(share.holder());
            } else if (change instanceof Change.Update update) {
                checkClaim(update.claim());
            } else if (change instanceof Change.Remove remove) {
                checkClaim(remove.claim());
            } else if (change instanceof Change.Restore restore) {
                checkClaim(restore.claim());
            }
        }
        if (changes.creates()) {
            checkRoom(size);
        }
    }

    private void checkClaim(Claim claim) throws SpoolException {
        Claim current = claims.get(claim.id());
        if (current == null || current.token() != claim.token()) {
            throw new SpoolException.ClaimLost("the claim on " + claim.id() + " ended before");
        }
    }

    private void apply(Change change, List<EnvelopeId> created, List<Claim> kept) {
        if (change instanceof Change.Create create) {
            MessageId id = new MessageId(++lastId);
            messages.put(id, ((PendingMessage.InMemory) create.message()).bytes());
            create.envelopes().forEach(envelope -> created.add(add(envelope, id)));
            create.moved().forEach(update -> update(update, id, kept));
        } else if (change instanceof Change.Share share) {
            MessageId id = share.holder().envelope().message();
            share.envelopes().forEach(envelope -> created.add(add(envelope, id)));
        } else if (change instanceof Change.Update update) {
            update(update, update.claim().envelope().message(), kept);
        } else if (change instanceof Change.Remove remove) {
            remove(remove);
        } else if (change instanceof Change.Restore restore) {
            Envelope envelope = restore.claim().envelope().withRemoved(null).with(settled(restore.details()));
            claims.remove(envelope.id());
            envelopes.put(envelope.id(), envelope);
            left.merge(Disposition.REMOVED, -1L, Long::sum);
        }
    }

    private EnvelopeId add(NewEnvelope envelope, MessageId message) {
        EnvelopeId id = new EnvelopeId(++lastId);
        envelopes.put(
                id, new Envelope(id, message, envelope.origin(), time.instant(), null, settled(envelope.details())));
        came.merge(envelope.origin(), 1L, Long::sum);
        return id;
    }

    private void update(Change.Update update, MessageId message, List<Claim> kept) {
        Claim claim = update.claim();
        Envelope envelope = claim.envelope().withMessage(message).with(settled(update.details()));
        envelopes.put(envelope.id(), envelope);
        claims.remove(envelope.id());
        if (update.keep()) {
            Claim renewed = new Claim(envelope, claim.token(), claim.until());
            claims.put(envelope.id(), renewed);
            kept.add(renewed);
        }
    }

    private void remove(Change.Remove remove) {
        Envelope envelope = remove.claim().envelope();
        claims.remove(envelope.id());
        if (envelope.isRemoved()) {
            envelopes.remove(envelope.id());
            return;
        }
        left.merge(remove.disposition(), 1L, Long::sum);
        if (remove.disposition() == Disposition.REMOVED) {
            envelopes.put(envelope.id(), envelope.withRemoved(time.instant()));
        } else {
            envelopes.remove(envelope.id());
        }
    }

    private EnvelopeDetails settled(EnvelopeDetails details) {
        Instant now = time.instant();
        return details.nextAttempt().isBefore(now) ? details.withNextAttempt(now) : details;
    }

    @Override
    public void flush() {}

    @Override
    public synchronized List<Claim> claim(Stage stage, int atMost, Duration lease) {
        tidy();
        return take(due(stage), atMost, lease);
    }

    private List<Claim> take(List<Envelope> due, int atMost, Duration lease) {
        List<Claim> result = new ArrayList<>();
        for (int i = 0; i < due.size() && result.size() < atMost; i++) {
            MessageId message = due.get(i).message();
            if (!isClaimed(due.get(i))) {
                result.add(put(due.get(i), lease));
                due.stream()
                        .filter(envelope -> envelope.message().equals(message) && !isClaimed(envelope))
                        .limit(MOST_TOGETHER - 1L)
                        .forEach(envelope -> result.add(put(envelope, lease)));
            }
        }
        return result;
    }

    private List<Envelope> due(Stage stage) {
        return due(envelope -> envelope.stage() == stage && !laneOf.containsKey(envelope.id()));
    }

    private List<Envelope> due(Predicate<Envelope> filter) {
        Instant now = time.instant();
        List<Envelope> due = new ArrayList<>();
        for (Envelope envelope : envelopes.values()) {
            if (filter.test(envelope) && status(envelope, now) == Page.Status.DUE) {
                due.add(envelope);
            }
        }
        due.sort(Comparator.comparing((Envelope envelope) -> -envelope.details().priority())
                .thenComparing(envelope -> envelope.details().nextAttempt())
                .thenComparing(Envelope::id));
        return due;
    }

    private boolean isClaimed(Envelope envelope) {
        return claims.containsKey(envelope.id());
    }

    private Page.Status status(Envelope envelope, Instant now) {
        if (envelope.isRemoved()) {
            return Page.Status.REMOVED;
        } else if (isClaimed(envelope)) {
            return Page.Status.CLAIMED;
        } else if (isHoldingAll || envelope.details().held()) {
            return Page.Status.HELD;
        }
        return envelope.details().nextAttempt().isAfter(now) ? Page.Status.WAITING : Page.Status.DUE;
    }

    private Claim put(Envelope envelope, Duration lease) {
        Claim claim = new Claim(envelope, ++lastId, time.instant().plus(lease));
        claims.put(envelope.id(), claim);
        laneOf.remove(envelope.id());
        return claim;
    }

    @Override
    public synchronized Optional<Claim> claim(EnvelopeId id, Duration lease) throws SpoolException {
        checkOpen();
        tidy();
        Envelope envelope = envelopes.get(id);
        return envelope == null || isClaimed(envelope) ? Optional.empty() : Optional.of(put(envelope, lease));
    }

    @Override
    public synchronized Optional<Claim> renew(Claim claim, Duration lease) {
        tidy();
        Claim current = claims.get(claim.id());
        if (current == null || current.token() != claim.token()) {
            return Optional.empty();
        }
        Claim renewed =
                new Claim(current.envelope(), claim.token(), time.instant().plus(lease));
        claims.put(claim.id(), renewed);
        return Optional.of(renewed);
    }

    @Override
    public synchronized void release(Claim claim) {
        Claim current = claims.get(claim.id());
        if (current != null && current.token() == claim.token()) {
            claims.remove(claim.id());
            notifyAll();
        }
    }

    @Override
    public synchronized void park(Claim claim, long lane) {
        tidy();
        Claim current = claims.get(claim.id());
        if (current == null || current.token() != claim.token()) {
            return;
        }
        claims.remove(claim.id());
        EnvelopeDetails details = current.envelope().details();
        boolean isDue = !details.held() && !details.nextAttempt().isAfter(time.instant());
        if (isDue && !current.envelope().isRemoved()) {
            laneOf.put(claim.id(), lane);
        }
        notifyAll();
    }

    @Override
    public synchronized List<Claim> claimParked(long lane, int atMost, Duration lease) {
        tidy();
        return take(due(envelope -> isOn(envelope.id(), lane)), atMost, lease);
    }

    private boolean isOn(EnvelopeId id, long lane) {
        Long own = laneOf.get(id);
        return own != null && own == lane;
    }

    @Override
    public synchronized int parked(long lane) {
        return (int) laneOf.values().stream().filter(other -> other == lane).count();
    }

    @Override
    public synchronized void unpark(long lane) {
        laneOf.values().removeIf(other -> other == lane);
        notifyAll();
    }

    @Override
    public synchronized boolean awaitDue(Stage stage, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            tidy();
            if (!due(stage).isEmpty()) {
                return true;
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            // Due times pass without a notification: look again after a moment.
            wait(Math.min(Math.max(1, left / 1_000_000), 10));
        }
    }

    @Override
    public synchronized Optional<Envelope> find(EnvelopeId id) {
        tidy();
        return Optional.ofNullable(envelopes.get(id));
    }

    @Override
    public synchronized MessageContent content(MessageId id) throws SpoolException {
        byte[] content = messages.get(id);
        if (content == null) {
            throw new SpoolException.NotFound("no message " + id);
        }
        return new HeapContent(content);
    }

    @Override
    public synchronized OptionalLong size(MessageId id) {
        byte[] content = messages.get(id);
        return content == null ? OptionalLong.empty() : OptionalLong.of(content.length);
    }

    @Override
    public synchronized Census census(int destinations) {
        tidy();
        List<Envelope> live =
                envelopes.values().stream().filter(e -> !e.isRemoved()).toList();
        Map<String, List<Envelope>> byDomain = live.stream()
                .collect(Collectors.groupingBy(e -> e.details().forwardDomain().toLowerCase(Locale.ROOT)));
        List<Census.Destination> most = byDomain.entrySet().stream()
                .map(entry ->
                        new Census.Destination(entry.getKey(), entry.getValue().size(), oldest(entry.getValue())))
                .sorted(Comparator.comparingLong(Census.Destination::envelopes).reversed())
                .limit(destinations)
                .toList();
        return new Census(
                live.stream().collect(Collectors.groupingBy(Envelope::stage, Collectors.counting())),
                live.stream().filter(e -> e.details().held()).count(),
                live.isEmpty() ? null : oldest(live),
                most);
    }

    private static Instant oldest(List<Envelope> some) {
        return some.stream()
                .map(Envelope::created)
                .min(Comparator.naturalOrder())
                .orElseThrow()
                .truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    public synchronized Page browse(BrowseFilter filter, Optional<EnvelopeId> after, int limit) {
        tidy();
        Instant now = time.instant();
        List<Page.Entry> entries = new ArrayList<>();
        @Nullable EnvelopeId last = null;
        for (Envelope envelope : envelopes
                .tailMap(after.orElse(new EnvelopeId(Long.MIN_VALUE)), false)
                .values()) {
            if (!filter.matches(envelope)) {
                continue;
            }
            if (entries.size() == limit) {
                return new Page(entries, last);
            }
            entries.add(new Page.Entry.Item(envelope, status(envelope, now)));
            last = envelope.id();
        }
        return new Page(entries, null);
    }

    @Override
    public synchronized CompletionStage<Void> holdAll(boolean hold) {
        isHoldingAll = hold;
        notifyAll();
        return CompletableFuture.completedStage(null);
    }

    @Override
    public synchronized Accounts accounts() {
        return new Accounts(came, left, inSpool());
    }

    /** Memory is not damaged. */
    @Override
    public List<DamagedRecord> damages() {
        return List.of();
    }

    @Override
    public synchronized CompletionStage<Boolean> acknowledge(DamagedRecord damage) {
        return isClosed
                ? CompletableFuture.failedStage(new SpoolException.Closed())
                : CompletableFuture.completedStage(false);
    }

    @Override
    public synchronized SpoolStatus status() {
        long inSpool = inSpool();
        return new SpoolStatus(
                isClosed ? "the spool is closed" : hasRoom(1) ? null : "the spool in memory is full",
                isHoldingAll,
                inSpool,
                envelopes.size() - inSpool,
                claims.size(),
                0,
                0,
                0,
                commits);
    }

    @Override
    public Instant now() {
        return time.instant();
    }

    @Override
    public synchronized void close() {
        isClosed = true;
    }

    private long inSpool() {
        return envelopes.values().stream().filter(e -> !e.isRemoved()).count();
    }

    private synchronized boolean hasRoom(long size) {
        return bytes + size <= capacity;
    }

    private void checkOpen() throws SpoolException {
        if (isClosed) {
            throw new SpoolException.Closed();
        }
    }

    /** Ends what time ends: leases, and the retention of removed entries. */
    private void tidy() {
        Instant now = time.instant();
        claims.values().removeIf(claim -> !claim.until().isAfter(now));
        envelopes
                .values()
                .removeIf(e -> e.removed() != null
                        && !claims.containsKey(e.id())
                        && !e.removed().plus(retention).isAfter(now));
    }

    private record HeapContent(
            @SuppressWarnings("ArrayRecordComponent") byte[] content) implements MessageContent {
        @Override
        public long size() {
            return content.length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(content);
        }

        @Override
        public Optional<byte[]> inMemory() {
            return Optional.of(content);
        }
    }
}
