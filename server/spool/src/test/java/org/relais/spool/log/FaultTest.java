package org.relais.spool.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.Disposition;
import org.relais.spool.EnvelopeId;
import org.relais.spool.NewEnvelope;
import org.relais.spool.PendingMessage;
import org.relais.spool.Receipt;
import org.relais.spool.SpoolException;
import org.relais.spool.Stage;
import org.relais.spool.engine.DurableSpool;
import org.relais.spool.engine.SpoolSettings;

/** The disk says no. */
final class FaultTest extends LogSpoolFixture {

    @Test
    void refusesBeforeTheDiskIsFullAndTakesMailAgainWhenThereIsSpace() throws Exception {
        DurableSpool spool = open();
        EnvelopeId first = append(spool, "first");

        disk.leave(settings().minimumFree());
        awaitThat(() -> refuses(spool, 1000));
        assertThatThrownBy(() -> append(spool, "Q", random(1000))).isInstanceOf(SpoolException.Full.class);
        assertThat(spool.status().refusal()).contains("free");
        deliver(spool, first);

        disk.leave(1 << 30);
        awaitThat(() -> !refuses(spool, 1000));
        assertThat(append(spool, "second")).isNotNull();
        assertThat(spool.accounts().difference()).isZero();
    }

    @Test
    void undoesAWriteForWhichTheDiskHasNoRoom() throws Exception {
        DurableSpool spool = openWithoutMinimum();
        EnvelopeId first = append(spool, "first");
        disk.leave(300);

        // Free space is looked at now and then: the write itself meets the full disk.
        assertThatThrownBy(() -> append(spool, "Q", random(10_000))).isInstanceOf(SpoolException.Full.class);
        disk.leave(1 << 30);
        awaitThat(() -> !refuses(spool, 1));
        EnvelopeId second = append(spool, "second");

        assertThat(readable(spool)).containsOnlyKeys(first.value(), second.value());
        DurableSpool again = open(copyOf(directory));
        assertThat(readable(again)).containsOnlyKeys(first.value(), second.value());
        assertThat(again.damages()).isEmpty();
    }

    @Test
    void handsOutNothingForDeliveryWhileNoEndCanBeWritten() throws Exception {
        DurableSpool spool = openWithoutMinimum();
        EnvelopeId delivered = append(spool, Stage.DELIVERY);
        append(spool, Stage.DELIVERY);
        append(spool, Stage.CHAIN);
        List<Claim> claims = spool.claim(Stage.DELIVERY, 10, LEASE);
        spool.park(claims.get(1), 1);
        disk.leave(10);

        assertThatThrownBy(() -> commit(
                        spool,
                        new Changes()
                                .remove(claims.get(0), Disposition.DELIVERED)
                                .relaxed()))
                .isInstanceOf(SpoolException.Full.class);
        clock.advance(LEASE);

        assertThat(spool.claim(Stage.DELIVERY, 10, LEASE)).isEmpty();
        assertThat(spool.claimParked(1, 10, LEASE)).isEmpty();
        assertThat(spool.awaitDue(Stage.DELIVERY, Duration.ofMillis(1))).isFalse();
        assertThat(spool.claim(Stage.CHAIN, 10, LEASE)).as("the chain goes on").hasSize(1);

        disk.leave(1 << 30);
        assertThat(spool.awaitDue(Stage.DELIVERY, Duration.ofSeconds(30))).isTrue();
        assertThat(spool.claim(Stage.DELIVERY, 10, LEASE)).extracting(Claim::id).containsExactly(delivered);
        assertThat(spool.claimParked(1, 10, LEASE)).hasSize(1);
    }

    @Test
    void handsOutForDeliveryWhileOnlyNewMailHasNoRoom() throws Exception {
        DurableSpool spool = openWithoutMinimum();
        append(spool, Stage.DELIVERY);
        disk.leave(2000);

        assertThatThrownBy(() -> append(spool, "Q", random(10_000))).isInstanceOf(SpoolException.Full.class);

        Claim claim = spool.claim(Stage.DELIVERY, 10, LEASE).get(0);
        commit(spool, new Changes().remove(claim, Disposition.DELIVERED));
        disk.leave(1 << 30);
    }

    @Test
    void handsOutNothingForDeliveryOnceItIsBroken() throws Exception {
        DurableSpool spool = open();
        append(spool, Stage.DELIVERY);
        disk.failWrites();

        assertThatThrownBy(() -> append(spool, "second")).isInstanceOf(SpoolException.Broken.class);

        assertThat(spool.claim(Stage.DELIVERY, 10, LEASE)).isEmpty();
        assertThat(spool.awaitDue(Stage.DELIVERY, Duration.ofMillis(1))).isFalse();
    }

    @Test
    void stopsForGoodWhenAnFsyncFails() throws Exception {
        DurableSpool spool = open();
        EnvelopeId first = append(spool, "first");
        long before = disk.syncs();
        disk.failSyncs();

        assertThatThrownBy(() -> append(spool, "second")).isInstanceOf(SpoolException.Broken.class);
        long tried = disk.syncs() - before;
        disk.healSyncs();

        assertThat(tried).as("no second try").isEqualTo(1);
        assertThatThrownBy(() -> append(spool, "third")).isInstanceOf(SpoolException.Broken.class);
        assertThatThrownBy(() -> spool.checkRoom(1)).isInstanceOf(SpoolException.Broken.class);
        assertThat(spool.status().refusal()).contains("fsync");
        assertThat(bytesOf(spool, first)).asString().isEqualTo("first");
        assertThat(disk.syncs() - before).isEqualTo(1);
    }

    @Test
    void stopsForGoodWhenAWriteFails() throws Exception {
        DurableSpool spool = open();
        append(spool, "first");
        disk.failWrites();

        assertThatThrownBy(() -> append(spool, "second")).isInstanceOf(SpoolException.Broken.class);
        assertThatThrownBy(() -> spool.checkRoom(1)).isInstanceOf(SpoolException.Broken.class);
    }

    @Test
    void refusesASecondProcess() throws Exception {
        open();

        assertThatThrownBy(this::open).isInstanceOf(SpoolException.InUse.class);
        assertThatThrownBy(() -> SpoolVerify.of(directory)).isInstanceOf(SpoolException.InUse.class);
    }

    @Test
    void refusesAFolderOfAnotherFormat() throws Exception {
        open().close();
        Files.writeString(directory.resolve("format"), "relais-spool 99\n");

        assertThatThrownBy(this::open)
                .isInstanceOf(SpoolException.Unusable.class)
                .hasMessageContaining("relais-spool 99");
    }

    @Test
    void refusesAFolderThatHoldsSegmentsWithoutAFormat() throws Exception {
        DurableSpool spool = open();
        append(spool, "x");
        spool.close();
        Files.delete(directory.resolve("format"));

        assertThatThrownBy(this::open).isInstanceOf(SpoolException.Unusable.class);
    }

    @Test
    void syncsOnceForAllThatCameInTheSameMoment() throws Exception {
        DurableSpool spool = open();
        append(spool, "warm");
        long before = disk.syncs();

        List<CompletableFuture<Receipt>> pending = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            pending.add(spool.commit(Changes.append(
                            PendingMessage.of(random(500)), List.of(NewEnvelope.accepted(details("Q" + i)))))
                    .toCompletableFuture());
        }
        for (CompletableFuture<Receipt> one : pending) {
            await(one);
        }

        assertThat(disk.syncs() - before).isLessThan(100);
    }

    @Test
    void neverSyncsForARemovalAlone() throws Exception {
        DurableSpool spool = open();
        EnvelopeId id = append(spool, "x");
        long before = disk.syncs();

        deliver(spool, id);

        assertThat(disk.syncs()).isEqualTo(before);
        awaitThat(() -> disk.syncs() == before + 1);
    }

    @Test
    void harmsNobodyWhenAReaderIsInterrupted() throws Exception {
        DurableSpool spool = open();
        EnvelopeId id = append(spool, "x");

        Thread.currentThread().interrupt();
        byte[] bytes = bytesOf(spool, id);
        assertThat(Thread.interrupted()).isTrue();

        assertThat(bytes).asString().isEqualTo("x");
        assertThat(bytesOf(spool, id)).asString().isEqualTo("x");
        assertThat(append(spool, "y")).isNotNull();
    }

    @Test
    void verifiesASoundSpoolAndNamesEachDamageOfAnother() throws Exception {
        DurableSpool spool = open();
        append(spool, "a");
        append(spool, "Q", random(700_000));
        spool.close();

        SpoolVerify.Report sound = SpoolVerify.of(directory);
        assertThat(sound.isSound()).isTrue();
        assertThat(sound.envelopes()).isEqualTo(2);
        assertThat(sound.torn()).isEmpty();

        Path segment = segments(directory).get(0);
        byte[] bytes = Files.readAllBytes(segment);
        bytes[Segment.HEADER + RecordFormat.footprint(counters()) + RecordFormat.HEADER] ^= 1;
        Files.write(segment, bytes);
        try (var files = Files.list(directory.resolve("large"))) {
            Files.delete(files.findFirst().orElseThrow());
        }

        SpoolVerify.Report damaged = SpoolVerify.of(directory);
        assertThat(damaged.damages())
                .anyMatch(damage ->
                        damage.file().startsWith("log/") && damage.what().startsWith("message"))
                .anyMatch(damage -> damage.file().startsWith("large/"));
    }

    private static EnvelopeId append(DurableSpool spool, Stage stage) throws Exception {
        return commit(
                        spool,
                        Changes.append(
                                PendingMessage.of(random(10)),
                                List.of(NewEnvelope.accepted(details("Q").withStage(stage)))))
                .created()
                .get(0);
    }

    private static int counters() {
        return 8 * (2 + org.relais.spool.Origin.values().length + org.relais.spool.Disposition.values().length);
    }

    private static boolean refuses(DurableSpool spool, long size) throws SpoolException {
        try {
            spool.checkRoom(size);
            return false;
        } catch (SpoolException.Full e) {
            return true;
        }
    }

    private boolean hasNoMinimum;

    private DurableSpool openWithoutMinimum() throws SpoolException {
        hasNoMinimum = true;
        return open();
    }

    @Override
    SpoolSettings settings() {
        return super.settings().withMinimumFree(hasNoMinimum ? Long.MIN_VALUE / 4 : 1 << 20);
    }
}
