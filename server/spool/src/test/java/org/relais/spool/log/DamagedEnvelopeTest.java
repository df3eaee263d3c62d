package org.relais.spool.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.relais.model.QueueId;
import org.relais.spool.BrowseFilter;
import org.relais.spool.Changes;
import org.relais.spool.DamagedRecord;
import org.relais.spool.Disposition;
import org.relais.spool.EnvelopeId;
import org.relais.spool.NewEnvelope;
import org.relais.spool.Origin;
import org.relais.spool.Page;
import org.relais.spool.PendingMessage;
import org.relais.spool.Stage;
import org.relais.spool.engine.DurableSpool;

/** An envelope that cannot be read any more: named, counted, and removable. */
final class DamagedEnvelopeTest extends LogSpoolFixture {

    @Test
    void namesTheQueueIdOfAnEnvelopeThatCannotBeReadAndLetsItBeAcknowledged() throws Exception {
        DurableSpool before = open();
        EnvelopeId id = append(before, "Q-DAMAGED", "x".getBytes());
        EnvelopeId other = append(before, "Q-OTHER", "y".getBytes());
        before.close();
        DurableSpool spool = open();
        flipIn(directory, "sender@example.net", 0);

        assertThat(readable(spool)).containsOnlyKeys(other.value());

        DamagedRecord damage = onlyDamage(spool);
        assertThat(damage.envelope()).isEqualTo(id);
        assertThat(damage.queueId()).isEqualTo(new QueueId("Q-DAMAGED"));
        assertThat(damage.toString()).contains("queue id Q-DAMAGED");
        assertThat(spool.accounts().difference()).isZero();
        assertThat(spool.accounts().inSpool()).isEqualTo(2);

        assertThat(await(spool.acknowledge(damage))).isTrue();

        assertThat(spool.damages()).isEmpty();
        assertThat(spool.find(id)).isEmpty();
        assertThat(spool.accounts().left(Disposition.REMOVED)).isEqualTo(1);
        assertThat(spool.accounts().inSpool()).isEqualTo(1);
        assertThat(spool.accounts().difference()).isZero();
        assertThat(await(spool.acknowledge(damage))).isFalse();
        spool.close();
        DurableSpool again = open();
        assertThat(again.damages()).isEmpty();
        assertThat(again.accounts()).isEqualTo(spool.accounts());
    }

    @Test
    void countsAndNamesAnEnvelopeWhoseOnlyRecordIsDamagedAtTheStart() throws Exception {
        DurableSpool before = open();
        EnvelopeId id = append(before, "Q-DAMAGED", "x".getBytes());
        append(before, "Q-OTHER", "y".getBytes());
        Path copy = copyOf(directory);
        flipIn(copy, "sender@example.net", 0);

        DurableSpool after = open(copy);

        assertThat(onlyDamage(after).envelope()).isEqualTo(id);
        assertThat(onlyDamage(after).queueId()).isEqualTo(new QueueId("Q-DAMAGED"));
        assertThat(after.accounts()).isEqualTo(before.accounts());
        assertThat(after.claim(Stage.CHAIN, 10, LEASE)).hasSize(1);
        after.close();
        DurableSpool again = open(copy);
        readable(again);
        assertThat(await(again.acknowledge(onlyDamage(again)))).isTrue();
        assertThat(again.accounts().left(Disposition.REMOVED)).isEqualTo(1);
        assertThat(again.accounts().difference()).isZero();
    }

    @Test
    void takesTheQueueIdFromAnotherEnvelopeOfTheMailIfItsOwnIsDamaged() throws Exception {
        DurableSpool before = open();
        var two = List.of(
                NewEnvelope.accepted(details("Q-TWINS")),
                NewEnvelope.accepted(details("Q-TWINS").withForwardPath("twin@example.org")));
        EnvelopeId first = commit(before, Changes.append(PendingMessage.of("x".getBytes()), two))
                .created()
                .get(0);
        before.close();
        DurableSpool spool = open();
        flipIn(directory, "Q-TWINS", 0);

        assertThat(readable(spool)).hasSize(1);

        assertThat(onlyDamage(spool).envelope()).isEqualTo(first);
        assertThat(onlyDamage(spool).queueId()).isEqualTo(new QueueId("Q-TWINS"));
    }

    @Test
    void namesTheMailWhoseEndIsDamaged() throws Exception {
        DurableSpool before = open();
        EnvelopeId id = append(before, "Q-AGAIN", "x".getBytes());
        int end = (int) Files.size(segments(directory).get(0));
        deliver(before, id);
        Path copy = copyOf(directory);
        flip(segments(copy).get(0), end + RecordFormat.HEADER);

        DurableSpool after = open(copy);

        assertThat(onlyDamage(after).queueId()).isEqualTo(new QueueId("Q-AGAIN"));
        assertThat(onlyDamage(after).what()).startsWith("end of envelope");
        assertThat(after.accounts().difference()).isZero();
        assertThat(await(after.acknowledge(onlyDamage(after)))).isTrue();
        assertThat(after.find(id)).as("the mail itself is sound").isPresent();
    }

    /** What a later segment begins with counts what the damaged one no longer tells. */
    @Test
    void saysThatAMailIsLostWhoseRecordsHaveLostTheirHeaders() throws Exception {
        DurableSpool before = open();
        append(before, "Q-KEPT", "x".getBytes());
        int end = (int) Files.size(segments(directory).get(0));
        append(before, "Q-LOST", "y".getBytes());
        Path killed = copyOf(directory);
        append(open(killed), "Q-NEXT", "z".getBytes());
        Path copy = copyOf(killed);
        Path segment = segments(copy).get(0);
        flip(segment, end + 8);
        flip(segment, end + RecordFormat.footprint(1) + 8);

        DurableSpool after = open(copy);

        assertThat(readable(after)).hasSize(2);
        assertThat(after.accounts().difference()).isEqualTo(1);
        DamagedRecord accounts = after.damages().stream()
                .filter(damage -> damage.file().equals(DamagedRecord.ACCOUNTS))
                .findFirst()
                .orElseThrow();
        assertThat(accounts.what()).startsWith("1 envelopes that came");
        assertThat(await(after.acknowledge(accounts))).isTrue();
        assertThat(after.accounts().difference()).isZero();
        after.close();
        assertThat(open(copy).accounts().difference()).isZero();
    }

    /** Wherever one byte flips, each mail is readable, or named, or the accounts tell that one is missing. */
    @Test
    void losesNoMailFromTheBooksWhereverAByteFlips() throws Exception {
        DurableSpool before = open();
        append(before, "Q-1", "one".getBytes());
        EnvelopeId bounced = append(before, "Q-2", "two".getBytes());
        commit(
                before,
                new Changes()
                        .create(
                                PendingMessage.of("dsn".getBytes()),
                                List.of(new NewEnvelope(Origin.DSN, details("Q-3"))))
                        .remove(before.claim(bounced, LEASE).orElseThrow(), Disposition.FAILED_WITH_DSN));
        deliver(before, append(before, "Q-4", "four".getBytes()));
        Path segment = segments(directory).get(0);
        byte[] whole = Files.readAllBytes(segment);
        Path copy = copyOf(directory);

        for (int position = Segment.HEADER; position < whole.length; position += 3) {
            Path target = copyOf(copy);
            byte[] flipped = whole.clone();
            flipped[position] ^= 0x40;
            Files.write(target.resolve("log").resolve(segment.getFileName()), flipped);

            DurableSpool after = open(target);
            int found = readable(after).size();

            assertThat(after.accounts().difference()).as("flip at %d", position).isZero();
            if (found < 2) {
                assertThat(after.damages()).as("flip at %d", position).isNotEmpty();
            }
            for (DamagedRecord damage : after.damages()) {
                assertThat(await(after.acknowledge(damage)))
                        .as("flip at %d", position)
                        .isTrue();
            }
            assertThat(after.damages()).as("flip at %d", position).isEmpty();
            assertThat(after.accounts().difference()).as("flip at %d", position).isZero();
            after.close();
        }
    }

    private static DamagedRecord onlyDamage(DurableSpool spool) throws Exception {
        Page page = spool.browse(BrowseFilter.ALL, Optional.empty(), 10);
        assertThat(page.entries()).hasAtLeastOneElementOfType(Page.Entry.Corrupt.class);
        assertThat(spool.damages()).hasSize(1);
        return spool.damages().get(0);
    }

    /** Flips a bit of the n-th place where the first segment has that text. */
    private static void flipIn(Path spool, String text, int n) throws Exception {
        Path segment = segments(spool).get(0);
        String content = Files.readString(segment, StandardCharsets.ISO_8859_1);
        int position = -1;
        for (int i = 0; i <= n; i++) {
            position = content.indexOf(text, position + 1);
        }
        flip(segment, position);
    }

    private static void flip(Path file, int position) throws Exception {
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(position);
            int value = access.read();
            access.seek(position);
            access.write(value ^ 0x01);
        }
    }
}
