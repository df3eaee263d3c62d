package org.relais.spool.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.model.QueueId;
import org.relais.spool.BrowseFilter;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.Disposition;
import org.relais.spool.Envelope;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.EnvelopeId;
import org.relais.spool.ManualClock;
import org.relais.spool.MessageWriter;
import org.relais.spool.NewEnvelope;
import org.relais.spool.OpaqueState;
import org.relais.spool.Origin;
import org.relais.spool.Page;
import org.relais.spool.PendingMessage;
import org.relais.spool.Receipt;
import org.relais.spool.SpoolException;
import org.relais.spool.Stage;
import org.relais.spool.engine.DurableSpool;
import org.relais.spool.engine.LargeMessages;
import org.relais.spool.engine.SpoolSettings;

/**
 * Random steps, stops, kills at any operation of the disk and power cuts, many in a row, against a {@link SpoolModel}.
 * Afterwards exactly that must be there which was acknowledged, perhaps with the step that was under way; relaxed steps
 * may be lost by a power cut, from the last one backwards. {@code -Drelais.crash.seconds} is the time of all crash tests
 * together; this one takes a fifteenth. {@code -Drelais.spool.seed} repeats one round.
 */
final class RandomStepsTest {
    private static final Duration DURATION =
            Duration.ofSeconds(Long.getLong("relais.crash.seconds", 300)).dividedBy(15);
    private static final Duration LEASE = Duration.ofHours(1);
    private static final Duration RETENTION = Duration.ofHours(2);
    private static final int LIVES = 12;
    private static final int STEPS = 60;
    private static final int LANES = 4;
    private static final int INLINE = 8 * 1024;

    @TempDir
    Path temporary;

    @Test
    void findsWhatWasAcknowledgedAfterAnyRowOfStopsKillsAndPowerCuts() throws Exception {
        Long wanted = Long.getLong("relais.spool.seed");
        long end = System.nanoTime() + DURATION.toNanos();
        long seed = wanted == null ? System.nanoTime() : wanted;
        int rounds = 0;
        do {
            Path place = Files.createDirectory(temporary.resolve("round" + rounds++));
            try {
                new Round(seed, place).run();
            } catch (Exception | AssertionError e) {
                throw new AssertionError("-Drelais.spool.seed=" + seed + ": " + e, e);
            }
            delete(place);
            seed++;
        } while (wanted == null && System.nanoTime() < end);
        System.out.printf("%d rounds of %d lives, seeds up to %d%n", rounds, LIVES, seed - 1);
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Bytes that only their number tells: a mail is either this one, whole, or not. */
    static byte[] bytes(long content) {
        Random random = new Random(content);
        int size = switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> INLINE + random.nextInt(70_000);
            case 2 -> INLINE - random.nextInt(2);
            default -> random.nextInt(3000);
        };
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    /** The lives of one spool. */
    private static final class Round {
        private final Random random;
        private final ManualClock clock = new ManualClock();
        private final Path home;
        private final Path attic;
        private final SpoolSettings settings;
        private final Map<Long, byte[]> contents = new HashMap<>();
        private final StringBuilder story = new StringBuilder();
        /** What may be found after a power cut: as of the last durable step, and after each later one. */
        private final List<SpoolModel> possible = new ArrayList<>();

        private CrashingDisk disk;
        private DurableSpool spool;
        private GuardedLog log;
        private SpoolModel model = new SpoolModel();
        /** After the step that is under way. */
        private Optional<SpoolModel> next = Optional.empty();

        private Instant latest = Instant.MIN;
        private long lastContent;

        Round(long seed, Path place) throws Exception {
            this.random = new Random(seed);
            this.home = place.resolve("spool");
            this.attic = Files.createDirectory(place.resolve("attic"));
            this.settings = SpoolSettings.in(home)
                    .withCacheBytes(random.nextBoolean() ? 0 : 100_000)
                    .withSegmentBytes(64 * 1024)
                    .withInlineLimit(INLINE)
                    .withRetention(RETENTION);
            this.lastContent = seed << 20;
            this.disk = newDisk();
            open();
        }

        private CrashingDisk newDisk() throws IOException {
            Path empty = Files.createTempDirectory(attic, "disk");
            return disk == null ? new CrashingDisk(new Random(random.nextLong()), empty) : disk.reborn(empty);
        }

        private void open() throws SpoolException {
            SpoolDirectory directory = SpoolDirectory.open(home);
            log = new GuardedLog(new SegmentLog(settings, directory, disk));
            spool = DurableSpool.open(new DurableSpool.Parts(
                    settings,
                    log,
                    new LargeMessages(disk, SpoolDirectory.large(home)),
                    disk,
                    clock,
                    clock,
                    Runnable::run));
        }

        void run() throws Exception {
            try {
                possible.add(model.copy());
                for (int life = 0; life < LIVES; life++) {
                    live();
                    end();
                    reopen();
                    possible.forEach(one -> one.lanes.clear());
                    model = check(possible);
                    possible.clear();
                    possible.add(model.copy());
                    checkFiles();
                }
            } catch (Exception | AssertionError e) {
                throw new AssertionError(e + "\n" + story, e);
            } finally {
                disk.crash(false);
                closeQuietly();
            }
        }

        /** Some steps; fewer if the disk dies. */
        private void live() throws Exception {
            if (random.nextInt(3) > 0) {
                disk.dieWithin(1 + random.nextInt(random.nextBoolean() ? 30 : 1000));
            }
            try {
                int steps = random.nextInt(random.nextInt(3) == 0 ? 2 : STEPS);
                for (int i = 0; i < steps && !disk.isDead(); i++) {
                    step();
                }
                if (random.nextInt(4) == 0) {
                    drain(0);
                }
            } catch (SpoolException | IOException e) {
                if (!disk.isDead()) {
                    throw e;
                }
            }
        }

        private void end() throws Exception {
            if (!disk.isDead() && random.nextInt(2) == 0) {
                tell("stop");
                try {
                    spool.close();
                    possible.clear();
                    possible.add(model.copy());
                    return;
                } catch (SpoolException e) {
                    if (!disk.isDead()) {
                        throw e;
                    }
                }
            }
            boolean powerCut = random.nextBoolean();
            tell(powerCut ? "power cut" : "kill");
            disk.crash(false); // the process ends first, so that nobody writes while files change
            closeQuietly();
            disk.crash(powerCut);
            if (!powerCut) {
                possible.clear();
                possible.add(model.copy());
            }
            next.ifPresent(possible::add);
        }

        private void closeQuietly() {
            try {
                spool.close();
            } catch (SpoolException e) {
                tell("closed with " + e.getMessage());
            }
        }

        /** Opens it again, and dies during that too, at times. */
        private void reopen() throws Exception {
            disk = newDisk();
            if (random.nextInt(4) == 0) {
                disk.dieWithin(1 + random.nextInt(6));
                try {
                    open();
                    append(); // the first step makes a segment
                    possible.add(model.copy());
                } catch (SpoolException | IOException e) {
                    if (!disk.isDead()) {
                        throw e;
                    }
                    tell("died at the start");
                    next.ifPresent(possible::add);
                }
                disk.crash(false);
                closeQuietly();
                disk = newDisk();
            }
            next = Optional.empty();
            open();
            tell("opened");
        }

        /** Returns which of the candidates is what is there. */
        private SpoolModel check(List<SpoolModel> candidates) throws Exception {
            latest = latest.isBefore(spool.now()) ? spool.now() : latest;
            assertThat(spool.damages()).isEmpty();
            Map<Long, SpoolModel.Expected> found = found();
            List<String> wrong = List.of();
            for (SpoolModel candidate : candidates) {
                wrong = candidate.differences(
                        found,
                        spool.accounts(),
                        spool.status().isHoldingAll(),
                        SpoolModel.purgedBefore(latest, RETENTION));
                if (wrong.isEmpty()) {
                    SpoolModel is = candidate.copy();
                    is.settle(found);
                    checkSchedule(is);
                    return is;
                }
            }
            return fail("none of %d possible states was found: %s", candidates.size(), wrong);
        }

        private Map<Long, SpoolModel.Expected> found() throws Exception {
            Map<Long, SpoolModel.Expected> found = new HashMap<>();
            for (BrowseFilter filter : List.of(BrowseFilter.ALL, BrowseFilter.ALL.onlyRemoved())) {
                Page page = spool.browse(filter, Optional.empty(), 100_000);
                for (Page.Entry entry : page.entries()) {
                    Envelope envelope = ((Page.Entry.Item) entry).envelope();
                    Instant removed = envelope.removed();
                    found.put(
                            envelope.id().value(),
                            new SpoolModel.Expected(
                                    contentOf(envelope),
                                    envelope.origin(),
                                    removed != null,
                                    removed == null ? Instant.EPOCH : removed,
                                    envelope.details()));
                }
            }
            return found;
        }

        /** Which of the contents its bytes are. */
        private long contentOf(Envelope envelope) throws Exception {
            byte[] bytes;
            try (InputStream in = spool.content(envelope.message()).open()) {
                bytes = in.readAllBytes();
            }
            assertThat(spool.size(envelope.message())).hasValue(bytes.length);
            long claimed = Long.parseLong(envelope.details().reason());
            assertThat(bytes).as("%s", envelope).isEqualTo(contents.get(claimed));
            return claimed;
        }

        /** No file of a large message too few, none too many. */
        private void checkFiles() throws Exception {
            Set<Long> large = new TreeSet<>();
            for (long id : model.envelopes.keySet()) {
                spool.find(new EnvelopeId(id))
                        .filter(envelope -> contents.get(model.envelopes.get(id).content()).length > INLINE)
                        .ifPresent(envelope -> large.add(envelope.message().value()));
            }
            try (var files = Files.list(home.resolve("large"))) {
                assertThat(files.map(file -> String.valueOf(file.getFileName())).sorted())
                        .containsExactlyElementsOf(large.stream()
                                .map(id -> LargeMessages.name(id).substring("large/".length()))
                                .toList());
            }
        }

        /** What is due is handed out, once, and nothing else. */
        private void checkSchedule(SpoolModel is) throws Exception {
            Instant now = spool.now();
            for (Stage stage : Stage.values()) {
                List<Claim> claims = spool.claim(stage, 100_000, LEASE);
                assertThat(claims.stream().map(claim -> claim.id().value()))
                        .containsExactlyInAnyOrderElementsOf(is.due(stage, Optional.empty(), now));
                claims.forEach(spool::release);
            }
            for (long lane = 0; lane < LANES; lane++) {
                Set<Long> due = is.due(Stage.DELIVERY, Optional.of(lane), now);
                List<Claim> claims = spool.claimParked(lane, 100_000, LEASE);
                assertThat(claims.stream().map(claim -> claim.id().value())).containsExactlyInAnyOrderElementsOf(due);
                for (Claim claim : claims) {
                    spool.park(claim, lane);
                }
            }
        }

        // -------------------------------------------------------------- steps

        private void step() throws Exception {
            switch (random.nextInt(22)) {
                case 0, 1, 2, 3 -> append();
                case 4, 5 -> share();
                case 6, 7 -> rewrite();
                case 8, 9 -> update();
                case 10, 11, 12, 13 -> leave();
                case 14 -> bounce();
                case 15 -> restore();
                case 16 -> {
                    clock.advance(Duration.ofMinutes(random.nextInt(4)));
                    log.maintain();
                }
                case 17 -> {
                    tell("maintain");
                    for (int i = random.nextInt(5); i >= 0; i--) {
                        log.maintain();
                    }
                }
                case 18 -> hold();
                default -> sometimes();
            }
        }

        private void sometimes() throws Exception {
            switch (random.nextInt(10)) {
                case 5, 6 -> churn();
                case 8 -> park();
                case 7 -> drain(random.nextInt(3));
                case 0 -> {
                    tell("leap");
                    clock.leap(Duration.ofMinutes(random.nextInt(200) - 100));
                }
                case 1 -> {
                    tell("hours pass");
                    clock.advance(Duration.ofHours(random.nextInt(4)));
                }
                case 2, 3 -> {
                    tell("checkpoint");
                    log.checkpoint();
                }
                default -> check(List.of(model));
            }
        }

        /** Some of what is due waits on lanes, some of that is taken from them, and some comes back by itself. */
        private void park() throws Exception {
            long lane = random.nextInt(LANES);
            tell("park on " + lane);
            for (Claim claim : spool.claim(Stage.DELIVERY, 1 + random.nextInt(10), LEASE)) {
                spool.park(claim, lane);
                model.lanes.put(claim.id().value(), lane);
            }
            long other = random.nextInt(LANES);
            for (Claim claim : spool.claimParked(other, random.nextInt(5), LEASE)) {
                model.lanes.remove(claim.id().value());
                if (random.nextBoolean()) {
                    remove(claim, Disposition.DELIVERED);
                } else {
                    spool.release(claim);
                }
            }
            if (random.nextInt(3) == 0) {
                long third = random.nextInt(LANES);
                spool.unpark(third);
                model.lanes.values().removeIf(of -> of == third);
            }
        }

        /** A claim on one takes it off its lane. */
        private Optional<Claim> claim(EnvelopeId id) throws SpoolException {
            Optional<Claim> claim = spool.claim(id, LEASE);
            claim.ifPresent(found -> model.lanes.remove(found.id().value()));
            return claim;
        }

        /** Most mail leaves soon after it came; what stays keeps a segment each. */
        private void churn() throws Exception {
            for (int i = random.nextInt(300); i > 0 && !disk.isDead(); i--) {
                for (EnvelopeId id : append()) {
                    Optional<Claim> claim = random.nextInt(15) == 0 ? Optional.empty() : claim(id);
                    if (claim.isPresent()) {
                        remove(claim.get(), Disposition.DELIVERED);
                    }
                }
                log.maintain();
            }
        }

        /** All but a few leave: the newest first, or the oldest. */
        private void drain(int left) throws Exception {
            boolean oldestFirst = random.nextBoolean();
            while (model.envelopes.size() > left && !disk.isDead()) {
                long id = oldestFirst ? model.envelopes.firstKey() : model.envelopes.lastKey();
                Optional<Claim> claim = claim(new EnvelopeId(id));
                if (claim.isEmpty()) {
                    return; // purged
                }
                remove(claim.get(), claim.get().envelope().isRemoved() ? Disposition.REMOVED : Disposition.DELIVERED);
            }
        }

        private EnvelopeDetails details(long content) {
            Instant soon = spool.now().plusSeconds(random.nextInt(2) * random.nextInt(7200));
            byte[] state = new byte[random.nextInt(20) == 0 ? random.nextInt(60_000) : random.nextInt(200)];
            return new EnvelopeDetails(
                    new QueueId("Q" + content),
                    random.nextInt(3) == 0 ? "" : "sender@example.net",
                    "rcpt" + random.nextInt(5) + "@example.org",
                    Stage.values()[random.nextInt(2)],
                    random.nextInt(10),
                    random.nextInt(3),
                    Instant.ofEpochMilli(soon.toEpochMilli()),
                    random.nextInt(5) == 0,
                    Long.toString(content),
                    OpaqueState.of(state));
        }

        private List<NewEnvelope> newEnvelopes(long content, int atLeast) {
            List<NewEnvelope> made = new ArrayList<>();
            for (int count = atLeast + random.nextInt(3); count > 0; count--) {
                made.add(new NewEnvelope(Origin.values()[random.nextInt(Origin.values().length)], details(content)));
            }
            return made;
        }

        private PendingMessage message(long content) throws Exception {
            byte[] bytes = bytes(content);
            contents.put(content, bytes);
            if (bytes.length <= INLINE && random.nextBoolean()) {
                return PendingMessage.of(bytes);
            }
            MessageWriter writer = spool.newMessage();
            for (int at = 0; at < bytes.length; ) {
                int count = Math.min(bytes.length - at, 1 + random.nextInt(40_000));
                now(writer.write(ByteBuffer.wrap(bytes, at, count)));
                at += count;
            }
            return now(writer.finish());
        }

        private List<EnvelopeId> append() throws Exception {
            long content = ++lastContent;
            List<NewEnvelope> envelopes = newEnvelopes(content, 1);
            PendingMessage message = message(content);
            if (random.nextInt(15) == 0) {
                tell("never commit " + content);
                message.close();
                return List.of();
            }
            return commit("append " + content, Changes.append(message, envelopes), envelopes, content, changed -> {})
                    .created();
        }

        private void share() throws Exception {
            Optional<Claim> holder = claim(false);
            if (holder.isEmpty()) {
                return;
            }
            Claim claim = holder.get();
            long content = content(claim);
            List<NewEnvelope> envelopes = newEnvelopes(content, 1);
            Changes changes = new Changes().share(claim, envelopes);
            boolean replaces = random.nextBoolean();
            if (replaces) {
                changes.remove(claim, Disposition.REPLACED);
            }
            Instant now = spool.now();
            commit("share of " + claim.id(), changes, envelopes, content, changed -> {
                if (replaces) {
                    changed.remove(claim.id().value(), Disposition.REPLACED, now);
                }
            });
            spool.release(claim);
        }

        private void rewrite() throws Exception {
            List<Claim> claims = new ArrayList<>();
            for (int count = 1 + random.nextInt(3); count > 0; count--) {
                claim(false).ifPresent(claims::add);
            }
            if (claims.isEmpty()) {
                return;
            }
            long content = ++lastContent;
            boolean keep = random.nextBoolean();
            List<Changes.Change.Update> moved = claims.stream()
                    .map(claim -> new Changes.Change.Update(claim, details(content), keep))
                    .toList();
            List<NewEnvelope> envelopes = newEnvelopes(content, 0);
            Receipt receipt = commit(
                    "rewrite of " + claims.stream().map(Claim::id).toList(),
                    new Changes().rewrite(message(content), moved, envelopes),
                    envelopes,
                    content,
                    changed -> moved.forEach(update -> {
                        changed.update(update.claim().id().value(), update.details());
                        changed.rewrite(update.claim().id().value(), content);
                    }));
            receipt.kept().forEach(spool::release);
        }

        private void update() throws Exception {
            Optional<Claim> holder = claim(false);
            if (holder.isEmpty()) {
                return;
            }
            Claim claim = holder.get();
            EnvelopeDetails details = details(content(claim));
            boolean keep = random.nextBoolean();
            Changes changes = keep ? new Changes().updateAndKeep(claim, details) : new Changes().update(claim, details);
            Receipt receipt = commit(
                    "update of " + claim.id(),
                    relaxed(changes),
                    List.of(),
                    0,
                    changed -> changed.update(claim.id().value(), details));
            receipt.kept().forEach(spool::release);
        }

        private void leave() throws Exception {
            Optional<Claim> holder = claim(random.nextInt(4) == 0);
            if (holder.isEmpty()) {
                return;
            }
            Claim claim = holder.get();
            Disposition disposition = claim.envelope().isRemoved()
                    ? Disposition.REMOVED
                    : Disposition.values()[random.nextInt(Disposition.values().length)];
            remove(claim, disposition);
        }

        private void remove(Claim claim, Disposition disposition) throws Exception {
            Instant now = spool.now();
            commit(
                    disposition + " " + claim.id(),
                    relaxed(new Changes().remove(claim, disposition)),
                    List.of(),
                    0,
                    changed -> changed.remove(claim.id().value(), disposition, now));
        }

        private void bounce() throws Exception {
            Optional<Claim> holder = claim(false);
            if (holder.isEmpty()) {
                return;
            }
            Claim claim = holder.get();
            long content = ++lastContent;
            List<NewEnvelope> envelopes = newEnvelopes(content, 1);
            Instant now = spool.now();
            commit(
                    "bounce of " + claim.id(),
                    new Changes()
                            .create(message(content), envelopes)
                            .remove(claim, Disposition.FAILED_WITH_DSN)
                            .relaxed(),
                    envelopes,
                    content,
                    changed -> changed.remove(claim.id().value(), Disposition.FAILED_WITH_DSN, now));
        }

        private void restore() throws Exception {
            Optional<Claim> holder = claim(true);
            if (holder.isEmpty()) {
                return;
            }
            Claim claim = holder.get();
            EnvelopeDetails details = details(content(claim));
            commit(
                    "restore of " + claim.id(),
                    relaxed(new Changes().restore(claim, details)),
                    List.of(),
                    0,
                    changed -> changed.restore(claim.id().value(), details));
        }

        private void hold() throws Exception {
            boolean hold = random.nextInt(3) == 0;
            tell("hold " + hold);
            SpoolModel changed = model.copy();
            changed.isHoldingAll = hold;
            next = Optional.of(changed);
            now(spool.holdAll(hold));
            committed(true);
        }

        private Changes relaxed(Changes changes) {
            return random.nextInt(3) > 0 ? changes.relaxed() : changes;
        }

        /** A claim on any envelope. */
        private Optional<Claim> claim(boolean removed) throws Exception {
            List<Long> candidates = model.envelopes.entrySet().stream()
                    .filter(one -> one.getValue().isRemoved() == removed)
                    .map(Map.Entry::getKey)
                    .toList();
            if (candidates.isEmpty()) {
                return Optional.empty();
            }
            long id = candidates.get(random.nextInt(candidates.size()));
            // A removed one may be purged at any moment.
            Optional<Claim> claim = claim(new EnvelopeId(id));
            if (!removed && claim.isEmpty()) {
                return Optional.empty(); // claimed for the same step
            }
            return claim;
        }

        private long content(Claim claim) {
            return model.envelopes.get(claim.id().value()).content();
        }

        private interface Effect {
            void on(SpoolModel changed);
        }

        private Receipt commit(String what, Changes changes, List<NewEnvelope> envelopes, long content, Effect effect)
                throws Exception {
            // What comes has numbers that only the receipt tells; until then, they are those that come next.
            SpoolModel changed = model.copy();
            effect.on(changed);
            CompletionStage<Receipt> done = spool.commit(changes);
            next = Optional.of(changed);
            if (!envelopes.isEmpty()) {
                List<EnvelopeId> created = createdBy(done, envelopes.size());
                for (int i = 0; i < created.size(); i++) {
                    changed.create(
                            created.get(i).value(),
                            envelopes.get(i).origin(),
                            content,
                            envelopes.get(i).details());
                }
            }
            Receipt receipt = now(done);
            tell(what + " created " + receipt.created());
            committed(changes.isDurable());
            return receipt;
        }

        /** Numbers are given in order: those of a step under way follow the greatest that was given before. */
        private List<EnvelopeId> createdBy(CompletionStage<Receipt> done, int count) throws Exception {
            try {
                return now(done).created();
            } catch (SpoolException e) {
                long last = log.lastId();
                List<EnvelopeId> created = new ArrayList<>();
                for (int i = count - 1; i >= 0; i--) {
                    created.add(new EnvelopeId(last - i));
                }
                return created;
            }
        }

        private void committed(boolean durable) {
            model = next.orElseThrow();
            next = Optional.empty();
            if (durable) {
                possible.clear();
            }
            possible.add(model.copy());
        }

        private static <T> T now(CompletionStage<T> stage) throws Exception {
            return LogSpoolFixture.await(stage);
        }

        private void tell(String what) {
            story.append(what).append('\n');
        }
    }
}
