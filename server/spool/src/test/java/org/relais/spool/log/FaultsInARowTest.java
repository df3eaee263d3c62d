package org.relais.spool.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.relais.spool.Changes;
import org.relais.spool.DamagedRecord;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.EnvelopeId;
import org.relais.spool.MessageWriter;
import org.relais.spool.NewEnvelope;
import org.relais.spool.OpaqueState;
import org.relais.spool.PendingMessage;
import org.relais.spool.SpoolException;
import org.relais.spool.Stage;
import org.relais.spool.engine.DurableSpool;
import org.relais.spool.engine.LargeMessages;
import org.relais.spool.engine.SpoolSettings;

/** Several faults in a row: what comes of the one while the spool gets over the other. */
final class FaultsInARowTest extends LogSpoolFixture {

    @Test
    void takesMailWhenTheHeadersOfTheLastSegmentAreDamaged() throws Exception {
        DurableSpool before = open();
        append(before, "first");
        Path copy = copyOf(directory);
        Path segment = segments(copy).get(0);
        flip(segment, 20);
        flip(segment, 84);

        DurableSpool after = open(copy);
        EnvelopeId id = append(after, "second");

        assertThat(bytesOf(after, id)).asString().isEqualTo("second");
        assertThat(after.damages()).hasSize(1);
    }

    @Test
    void startsWhicheverByteOfTheCheckpointIsDamaged() throws Exception {
        DurableSpool before = open();
        EnvelopeId id = append(before, "kept");
        before.close();
        long size = Files.size(directory.resolve("checkpoint"));

        for (int at = 0; at < size; at += at < 40 ? 1 : 29) {
            if (at >= 8 && at < 12) {
                continue; // the format version: another one is refused in words
            }
            Path copy = copyOf(directory);
            flip(copy.resolve("checkpoint"), at);
            DurableSpool after = open(copy);
            assertThat(bytesOf(after, id)).as("byte %d", at).asString().isEqualTo("kept");
            after.close();
        }
    }

    @Test
    void holdsEverythingAlthoughTheCheckpointIsDamaged() throws Exception {
        DurableSpool before = open();
        await(before.holdAll(true));
        EnvelopeId kept = null;
        for (int i = 0; i < 30; i++) {
            EnvelopeId id = append(before, "Q" + i, random(10_000));
            if (i == 20) {
                kept = id;
            } else {
                deliver(before, id);
            }
        }
        before.close();
        flip(directory.resolve("checkpoint"), 20);

        DurableSpool after = open();

        assertThat(after.find(kept)).isPresent();
        assertThat(after.status().isHoldingAll()).isTrue();
    }

    @Test
    void countsADamageOnceThatTwoAcknowledgeAtOnce() throws Exception {
        DurableSpool before = open();
        append(before, "first");
        append(before, "bad");
        append(before, "last");
        Path copy = copyOf(directory);
        byte[] all = Files.readAllBytes(segments(copy).get(0));
        int at = new String(all, US_ASCII).indexOf("Q" + "bad".hashCode());
        flip(segments(copy).get(0), at);
        DurableSpool after = open(copy);
        DamagedRecord damage = after.damages().get(0);

        var first = after.acknowledge(damage);
        var second = after.acknowledge(damage);
        await(first);
        await(second);

        assertThat(after.accounts().difference()).isZero();
        assertThat(after.accounts().inSpool()).isEqualTo(2);
        after.close();
        assertThat(open(copy).damages()).isEmpty();
    }

    @Test
    void leavesNoDraftOfACheckpointBehindWhenTheDiskIsFull() throws Exception {
        DurableSpool spool = open();
        append(spool, "x");
        disk.leave(20);

        assertThatThrownBy(spool::close).isInstanceOf(SpoolException.Full.class);

        assertThat(directory.resolve("checkpoint.new")).doesNotExist();
        disk.leave(1 << 30);
    }

    @Test
    void handsOutManyEnvelopesOfOneMessage() throws Exception {
        DurableSpool spool = open();
        List<NewEnvelope> envelopes = Collections.nCopies(100_000, NewEnvelope.accepted(details("Q")));
        commit(spool, Changes.append(PendingMessage.of(new byte[0]), envelopes));
        int claimed = 0;
        for (var claims = spool.claim(Stage.CHAIN, 100, LEASE);
                !claims.isEmpty();
                claims = spool.claim(Stage.CHAIN, 100, LEASE)) {
            claimed += claims.size();
        }
        assertThat(claimed).isEqualTo(100_000);
        DurableSpool again = open(copyOf(directory));
        assertThat(again.accounts().inSpool()).isEqualTo(100_000);
    }

    @Test
    void failsAWriteForWhichThereIsNoThreadAnyMore() throws Exception {
        Executor ended = command -> {
            throw new RejectedExecutionException("ended");
        };
        try (DurableSpool spool = LogSpool.open(settings(), clock, clock, ended, disk)) {
            MessageWriter writer = spool.newMessage();

            assertThatThrownBy(() -> await(writer.write(ByteBuffer.wrap(random(700_000)))))
                    .isInstanceOf(SpoolException.Closed.class);
            writer.close();
        }
    }

    @Test
    void leavesASegmentThatCannotBeReadAloneAndGoesOn() throws Exception {
        DurableSpool spool = open();
        EnvelopeId staying = append(spool, "Q", random(100));
        deliver(spool, append(spool, "Q", random(70_000)));
        Path first = segments(directory).get(0);
        Files.move(first, first.resolveSibling("unreadable"));
        Files.createDirectory(first);

        for (int i = 0; i < 60; i++) {
            append(spool, "Q" + i, random(100));
            deliver(spool, append(spool, "Q" + i, random(60_000)));
        }
        awaitThat(
                () -> spool.damages().stream().anyMatch(damage -> damage.what().contains("cannot be read")));

        assertThat(append(spool, "more")).isNotNull();
        assertThat(spool.accounts().difference()).isZero();
        spool.close();
        Files.delete(first);
        Files.move(first.resolveSibling("unreadable"), first);
        assertThat(bytesOf(open(), staying)).isEqualTo(random(100));
    }

    /** The system may have no file handle left, or the code a fault: what was claimed by then must not be claimed for good. */
    @Test
    void handsOutAgainWhatCouldNotBeReadForAMoment() throws Exception {
        AtomicReference<SpoolException> refusal = new AtomicReference<>();
        AtomicReference<RuntimeException> fault = new AtomicReference<>();
        SpoolDirectory place = SpoolDirectory.open(directory);
        GuardedLog log = new GuardedLog(new SegmentLog(settings(), place, disk)) {
            @Override
            public Optional<byte[]> read(byte type, long id, long location, int length) throws SpoolException {
                if (refusal.get() != null) {
                    throw refusal.get();
                } else if (fault.get() != null && id > 4) {
                    throw fault.get();
                }
                return super.read(type, id, location, length);
            }
        };
        try (DurableSpool spool = DurableSpool.open(new DurableSpool.Parts(
                settings(),
                log,
                new LargeMessages(disk, SpoolDirectory.large(directory)),
                disk,
                clock,
                clock,
                Runnable::run))) {
            EnvelopeDetails tooLargeForTheCache = details("Q").withState(OpaqueState.of(random(10_000)));
            for (int i = 0; i < 3; i++) {
                commit(
                        spool,
                        Changes.append(
                                PendingMessage.of(random(100)), List.of(NewEnvelope.accepted(tooLargeForTheCache))));
            }

            refusal.set(new SpoolException.Unusable("too many open files", null));
            assertThat(spool.claim(Stage.CHAIN, 10, LEASE)).isEmpty();
            refusal.set(null);
            fault.set(new IllegalStateException("a fault of ours"));
            assertThatThrownBy(() -> spool.claim(Stage.CHAIN, 10, LEASE)).isSameAs(fault.get());
            fault.set(null);

            assertThat(spool.claim(Stage.CHAIN, 10, LEASE)).hasSize(3);
            assertThat(spool.damages()).isEmpty();
        }
    }

    @Override
    SpoolSettings settings() {
        return super.settings().withSegmentBytes(64 * 1024);
    }

    private static void flip(Path file, int position) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        bytes[position] ^= 0x01;
        Files.write(file, bytes);
    }
}
