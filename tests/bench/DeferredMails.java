import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.relais.model.QueueId;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.Disposition;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.EnvelopeId;
import org.relais.spool.NewEnvelope;
import org.relais.spool.PendingMessage;
import org.relais.spool.Receipt;
import org.relais.spool.Stage;
import org.relais.spool.engine.DurableSpool;
import org.relais.spool.engine.SpoolSettings;
import org.relais.spool.log.LogSpool;
import org.relais.spool.mail.MailState;

/**
 * Fills a server's spool with mails that wait for their next delivery attempt until tomorrow, and says what one mail more
 * costs then. The server must not run. Run from source by spool_steps.py: {@code java -cp 'lib/*' DeferredMails.java SPOOL
 * COUNT}; the last line of its output is JSON.
 */
final class DeferredMails {
    private static final int TOGETHER = 20;
    private static final int MEASURED = 4_000;

    private final DurableSpool spool;
    private long number = System.nanoTime();

    private DeferredMails(DurableSpool spool) {
        this.spool = spool;
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        long count = Long.parseLong(arguments[1]);
        ExecutorService io = Executors.newFixedThreadPool(2);
        long opening = System.nanoTime();
        try (DurableSpool spool = LogSpool.open(SpoolSettings.in(directory), Clock.systemUTC(), io)) {
            double open = seconds(opening);
            DeferredMails mails = new DeferredMails(spool);
            mails.append(Math.max(0, count - spool.status().envelopes()), 500);
            mails.remove(mails.append(MEASURED, TOGETHER)); // warm
            long begin = System.nanoTime();
            List<EnvelopeId> more = mails.append(MEASURED, TOGETHER);
            double accept = seconds(begin) * 1e6 / MEASURED;
            begin = System.nanoTime();
            mails.remove(more);
            double remove = seconds(begin) * 1e6 / MEASURED;
            System.out.printf(
                    Locale.ROOT,
                    "{\"waiting\": %d, \"open_s\": %.3f, \"accept_us\": %.1f, \"remove_us\": %.1f, \"disk_mib\": %d}%n",
                    spool.status().envelopes(),
                    open,
                    accept,
                    remove,
                    spool.status().bytesOnDisk() >> 20);
        } finally {
            io.shutdown();
        }
    }

    /** So many mails, this many in one moment; the numbers of the last few. */
    private List<EnvelopeId> append(long count, int together) throws Exception {
        List<EnvelopeId> made = new ArrayList<>();
        for (long left = count; left > 0; left -= together) {
            List<CompletableFuture<Receipt>> pending = new ArrayList<>();
            for (long i = Math.min(left, together); i > 0; i--) {
                pending.add(spool.commit(next()).toCompletableFuture());
            }
            for (CompletableFuture<Receipt> one : pending) {
                if (left <= MEASURED) {
                    made.addAll(one.get().created());
                } else {
                    one.get();
                }
            }
        }
        return made;
    }

    private Changes next() {
        String id = "D" + Long.toString(number++, 36).toUpperCase(Locale.ROOT);
        String forwardPath = "recipient@domain" + number % 997 + ".example.org";
        Instant now = spool.now();
        EnvelopeDetails details = EnvelopeDetails.of(
                        new QueueId(id), "sender" + number % 5003 + "@example.net", forwardPath, Stage.DELIVERY)
                .withState(MailState.received(id, "192.0.2.7", now, Map.of())
                        .withDelivery("remote")
                        .encode())
                .deferred(now.plus(Duration.ofDays(1)), "451 4.4.1 connection timed out");
        byte[] content = ("Subject: waiting " + id + "\r\n\r\n" + "relais ".repeat(140) + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return Changes.append(PendingMessage.of(content), List.of(NewEnvelope.accepted(details)));
    }

    private void remove(List<EnvelopeId> ids) throws Exception {
        List<CompletableFuture<Receipt>> pending = new ArrayList<>();
        for (EnvelopeId id : ids) {
            Claim claim = spool.claim(id, Duration.ofMinutes(5)).orElseThrow();
            pending.add(spool.commit(new Changes().remove(claim, Disposition.DELIVERED).relaxed())
                    .toCompletableFuture());
        }
        for (CompletableFuture<Receipt> one : pending) {
            one.get();
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
