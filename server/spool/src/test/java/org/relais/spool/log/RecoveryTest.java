package org.relais.spool.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.Disposition;
import org.relais.spool.EnvelopeId;
import org.relais.spool.MessageId;
import org.relais.spool.NewEnvelope;
import org.relais.spool.Origin;
import org.relais.spool.PendingMessage;
import org.relais.spool.QueueActions;
import org.relais.spool.SpoolException;
import org.relais.spool.Stage;
import org.relais.spool.engine.DurableSpool;

/** Stop, kill, tear, flip: what is there afterwards. */
final class RecoveryTest extends LogSpoolFixture {

    @Test
    void findsEverythingAgainAfterAStop() throws Exception {
        DurableSpool before = open();
        EnvelopeId small = append(before, "small");
        EnvelopeId large = append(before, "QL", random(700_000));
        EnvelopeId removed = append(before, "removed");
        await(new QueueActions(before).remove(removed));
        deliver(before, append(before, "delivered"));
        await(before.holdAll(true));
        var accounts = before.accounts();
        before.close();

        DurableSpool after = open();

        assertThat(bytesOf(after, small)).asString().isEqualTo("small");
        assertThat(bytesOf(after, large)).isEqualTo(random(700_000));
        assertThat(after.find(removed).orElseThrow().isRemoved()).isTrue();
        assertThat(after.accounts()).isEqualTo(accounts);
        assertThat(after.accounts().difference()).isZero();
        assertThat(after.status().isHoldingAll()).isTrue();
        assertThat(after.claim(Stage.CHAIN, 10, LEASE)).isEmpty();
    }

    @Test
    void findsEverythingAgainAfterAKillWithoutACheckpoint() throws Exception {
        DurableSpool before = open();
        EnvelopeId small = append(before, "small");
        EnvelopeId large = append(before, "QL", random(700_000));
        deliver(before, append(before, "delivered"));
        Claim claim = before.claim(small, LEASE).orElseThrow();
        commit(before, new Changes().update(claim, claim.envelope().details().deferred(clock.instant(), "451 later")));

        DurableSpool after = open(copyOf(directory));

        assertThat(after.find(small).orElseThrow().details().reason()).isEqualTo("451 later");
        assertThat(bytesOf(after, large)).isEqualTo(random(700_000));
        assertThat(after.accounts()).isEqualTo(before.accounts());
        assertThat(after.damages()).isEmpty();
    }

    /** The last segments were given back with the stop: their numbers must not come again below the checkpoint. */
    @Test
    void keepsWhatIsWrittenAfterAStopThatGaveTheLastSegmentsBack() throws Exception {
        DurableSpool before = open();
        deliver(before, append(before, "delivered"));
        before.close();
        assertThat(segments(directory)).hasSize(1);
        open().close();
        assertThat(segments(directory)).isEmpty();
        DurableSpool killed = open();
        EnvelopeId id = append(killed, "accepted");

        DurableSpool after = open(copyOf(directory));

        assertThat(bytesOf(after, id)).asString().isEqualTo("accepted");
        assertThat(after.damages()).isEmpty();
        assertThat(after.accounts()).isEqualTo(killed.accounts());
    }

    @Test
    void numbersOnBehindWhatItFinds() throws Exception {
        DurableSpool before = open();
        EnvelopeId first = append(before, "first");
        Path copy = copyOf(directory);

        DurableSpool after = open(copy);

        assertThat(append(after, "second")).isGreaterThan(first);
        assertThat(bytesOf(after, first)).asString().isEqualTo("first");
    }

    @Test
    void deletesTheFileOfALargeMessageThatWasNeverCommitted() throws Exception {
        DurableSpool before = open();
        append(before, "x");
        var writer = before.newMessage();
        await(writer.write(java.nio.ByteBuffer.wrap(random(700_000))));
        await(writer.finish());
        Path copy = copyOf(directory);
        assertThat(copy.resolve("large")).isNotEmptyDirectory();

        open(copy);

        assertThat(copy.resolve("large")).isEmptyDirectory();
    }

    @Test
    void keepsTheFileOfALargeMessageWhoseEnvelopeIsDamaged() throws Exception {
        DurableSpool before = open();
        append(before, "Q", random(700_000));
        Path copy = copyOf(directory);
        Path segment = segments(copy).get(0);
        flip(segment, (int) Files.size(segment) - 16);

        DurableSpool after = open(copy);
        append(after, "x");
        long syncs = disk.syncs();
        deliver(after, append(after, "y"));
        awaitThat(() -> disk.syncs() > syncs + 1);

        assertThat(after.damages()).anyMatch(damage -> damage.what().startsWith("envelope"));
        assertThat(copy.resolve("large")).isNotEmptyDirectory();
    }

    @Test
    void deletesTheFileOfALargeMessageThatIsDelivered() throws Exception {
        DurableSpool spool = open();
        EnvelopeId id = append(spool, "Q", random(700_000));

        deliver(spool, id);

        awaitThat(() -> {
            try (var files = Files.list(directory.resolve("large"))) {
                return files.findAny().isEmpty();
            }
        });
    }

    @Test
    void forgetsATornEndAtEveryByteAndNothingElse() throws Exception {
        DurableSpool before = open();
        EnvelopeId kept = append(before, "kept");
        Path segment = segments(directory).get(0);
        long start = Files.size(segment);
        append(before, "torn");
        byte[] whole = Files.readAllBytes(segment);
        Path copy = copyOf(directory);

        for (int length = (int) start; length < whole.length; length++) {
            Path target = copyOf(copy);
            Files.write(target.resolve("log").resolve(segment.getFileName()), java.util.Arrays.copyOf(whole, length));

            DurableSpool after = open(target);

            assertThat(readable(after)).as("cut at %d", length).containsOnlyKeys(kept.value());
            assertThat(after.accounts().difference()).as("cut at %d", length).isZero();
            assertThat(after.damages()).as("cut at %d", length).isEmpty();
            EnvelopeId next = append(after, "next");
            after.close();
            DurableSpool again = open(target);
            assertThat(readable(again)).containsOnlyKeys(kept.value(), next.value());
            again.close();
        }
    }

    @Test
    void setsADamagedRecordAsideAndKeepsAllOthersWhereverAByteFlips() throws Exception {
        DurableSpool before = open();
        for (int i = 0; i < 4; i++) {
            append(before, "mail number " + i);
        }
        TreeMap<Long, String> all = readable(before);
        Path segment = segments(directory).get(0);
        byte[] whole = Files.readAllBytes(segment);
        Path copy = copyOf(directory);

        for (int position = Segment.HEADER; position < whole.length; position++) {
            byte[] flipped = whole.clone();
            flipped[position] ^= 0x20;
            Path target = copyOf(copy);
            Files.write(target.resolve("log").resolve(segment.getFileName()), flipped);

            DurableSpool after = open(target);
            TreeMap<Long, String> found = readable(after);

            assertThat(all.entrySet()).as("flip at %d", position).containsAll(found.entrySet());
            assertThat(found).as("flip at %d", position).hasSizeGreaterThanOrEqualTo(3);
            if (found.size() < 4) {
                assertThat(after.damages()).as("flip at %d", position).isNotEmpty();
                assertThat(after.browse(org.relais.spool.BrowseFilter.ALL, java.util.Optional.empty(), 10)
                                .entries())
                        .hasAtLeastOneElementOfType(org.relais.spool.Page.Entry.Corrupt.class);
            }
            after.close();
        }
    }

    @Test
    void survivesADamagedHeaderOfASegment() throws Exception {
        DurableSpool before = open();
        EnvelopeId id = append(before, "x");
        for (int position : new int[] {0, 9, 13, 20, 27, 33, 64, 90}) {
            Path copy = copyOf(directory);
            flip(segments(copy).get(0), position);

            assertThat(bytesOf(open(copy), id))
                    .as("flip at %d", position)
                    .asString()
                    .isEqualTo("x");
        }
    }

    @Test
    void survivesRandomFlipsAndNamesWhatTheyHit() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        DurableSpool before = open();
        for (int i = 0; i < 200; i++) {
            append(before, "Q" + i, random(random.nextInt(3000)));
        }
        TreeMap<Long, String> all = readable(before);
        for (int round = 0; round < 20; round++) {
            Path copy = copyOf(directory);
            Path segment = segments(copy).get(0);
            int flips = 1 + random.nextInt(5);
            for (int i = 0; i < flips; i++) {
                flip(segment, Segment.HEADER + random.nextInt((int) Files.size(segment) - Segment.HEADER));
            }

            SpoolVerify.Report report = SpoolVerify.of(copy);
            DurableSpool after = open(copy);
            TreeMap<Long, String> found = readable(after);

            assertThat(all.entrySet()).as("seed %d", seed).containsAll(found.entrySet());
            assertThat(found.size()).as("seed %d", seed).isGreaterThanOrEqualTo(all.size() - 2 * flips);
            if (found.size() < all.size()) {
                assertThat(after.damages()).as("seed %d", seed).isNotEmpty();
                assertThat(report.isSound()).as("seed %d", seed).isFalse();
            }
            after.close();
        }
    }

    @Test
    void readsTheWholeLogWhenTheCheckpointIsDamaged() throws Exception {
        DurableSpool before = open();
        EnvelopeId id = append(before, "x");
        deliver(before, append(before, "y"));
        before.close();
        flip(directory.resolve("checkpoint"), 100);

        DurableSpool after = open();

        assertThat(readable(after)).containsOnlyKeys(id.value());
        assertThat(after.accounts().difference()).isZero();
        assertThat(after.damages()).anyMatch(damage -> damage.file().equals("checkpoint"));
    }

    @Test
    void reportsAFlippedByteInALargeMessageAndHandsOutOnlyGoodBytes() throws Exception {
        DurableSpool spool = open();
        byte[] bytes = random(700_000);
        EnvelopeId id = append(spool, "Q", bytes);
        MessageId message = spool.find(id).orElseThrow().message();
        Path file = directory.resolve(org.relais.spool.engine.LargeMessages.name(message.value()));
        flip(file, 400_000);

        var got = new java.io.ByteArrayOutputStream();
        assertThatThrownBy(() -> spool.content(message).open().transferTo(got))
                .hasCauseInstanceOf(SpoolException.Damaged.class);
        assertThat(got.toByteArray()).isEqualTo(java.util.Arrays.copyOf(bytes, got.size()));
        assertThat(got.size()).isBetween(300_000, 400_000);
    }

    @Test
    void neverRunsItsTimeBackwardOverARestart() throws Exception {
        DurableSpool before = open();
        EnvelopeId id = append(before, "x");
        Claim claim = before.claim(id, LEASE).orElseThrow();
        commit(
                before,
                new Changes()
                        .update(
                                claim,
                                claim.envelope().details().deferred(before.now().plusSeconds(600), "later")));
        before.close();
        clock.leap(Duration.ofDays(-365));

        DurableSpool after = open();
        assertThat(after.claim(Stage.CHAIN, 10, LEASE)).isEmpty();
        clock.advance(Duration.ofMinutes(20));

        assertThat(after.claim(Stage.CHAIN, 10, LEASE)).hasSize(1);
    }

    @Test
    void keepsWhatAStepRemovesWhenWhatItCreatesIsDamaged() throws Exception {
        DurableSpool before = open();
        EnvelopeId mail = append(before, "mail");
        Path segment = segments(directory).get(0);
        int end = (int) Files.size(segment);
        Claim claim = before.claim(mail, LEASE).orElseThrow();
        commit(
                before,
                new Changes()
                        .create(PendingMessage.of(random(500)), List.of(new NewEnvelope(Origin.DSN, details("D"))))
                        .remove(claim, Disposition.FAILED_WITH_DSN));
        Path copy = copyOf(directory);
        flip(segments(copy).get(0), end + RecordFormat.HEADER + 10);

        DurableSpool after = open(copy);

        assertThat(bytesOf(after, mail))
                .as("better bounced twice than never")
                .asString()
                .isEqualTo("mail");
        assertThat(after.damages()).isNotEmpty();
    }

    @Test
    void givesSpaceBackAndKeepsTheMailThatStays() throws Exception {
        DurableSpool spool = open();
        List<EnvelopeId> staying = new ArrayList<>();
        byte[] kib16 = random(16_000);
        for (int i = 0; i < 3000; i++) {
            EnvelopeId id = append(spool, "Q" + i, kib16);
            if (i % 100 == 0) {
                staying.add(id);
            } else {
                deliver(spool, id);
            }
        }

        awaitThat(() -> spool.status().bytesOnDisk() < 8 * settings().segmentBytes());
        for (EnvelopeId id : staying) {
            assertThat(bytesOf(spool, id)).isEqualTo(kib16);
        }
        assertThat(spool.damages()).isEmpty();
        DurableSpool killed = open(copyOf(directory));
        assertThat(readable(killed)).hasSize(staying.size());
        assertThat(killed.accounts()).isEqualTo(spool.accounts());
        spool.close();
        Files.delete(directory.resolve("checkpoint"));
        assertThat(readable(open())).as("without checkpoint").hasSizeGreaterThanOrEqualTo(staying.size());
    }

    @Override
    org.relais.spool.engine.SpoolSettings settings() {
        return super.settings().withSegmentBytes(1 << 20);
    }

    private static void flip(Path file, int position) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        bytes[position] ^= 0x01;
        Files.write(file, bytes);
    }
}
