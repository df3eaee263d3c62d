package org.relais.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.relais.testkit.dialogue.SmtpDialogue;
import org.relais.testkit.mail.Mails;
import org.relais.testkit.server.ChildProcess;
import org.relais.testkit.server.TestHome;

/**
 * What kills cannot show, because the system's page cache outlives a process: that the disk was told to keep a mail before
 * its 250. strace shows it. One connection, so that no other mail's sync can stand for this one's.
 */
@Timeout(300)
class SyncBeforeReplyTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int WARM_UP = 5;
    private static final int MAILS = 30;
    private static final Pattern BEGUN = Pattern.compile("^(\\d+) +(?:fsync|fdatasync)\\(\\d+<([^>]*)>.*");
    private static final Pattern RESUMED = Pattern.compile("^(\\d+) +<\\.\\.\\. (?:fsync|fdatasync) resumed>.*");

    @TempDir(factory = BuildFolder.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void theSpoolIsSyncedOnceBetweenAContentAndItsReply() throws Exception {
        Path trace = folder.resolve("trace");
        try (var sink = new CrashSink(new Ledger(new CrashMails(1)));
                var server = new CrashServer(TestHome.in(folder.resolve("home"))
                        .smartHost(sink.hostAndPort())
                        .relayFrom("127.0.0.0/8")
                        .create())) {
            SpoolContents.holdAll(Files.createDirectories(server.spool()), true);
            server.startUp();
            try (var smtp = SmtpDialogue.greeted(server.home().ports().smtp()).withPatience(SOON)) {
                submit(smtp, WARM_UP); // begins the segment
                try (var strace = traced(server, trace)) {
                    submit(smtp, MAILS);
                    strace.terminate();
                    strace.awaitExit(SOON);
                }
                smtp.quit();
            }
        }

        Counts counts = count(Files.readAllLines(trace));

        System.out.println(counts);
        assertThat(counts.mails()).as(counts.toString()).isEqualTo(MAILS);
        assertThat(counts.unsynced()).as(counts.toString()).isZero();
        // Maintenance may fall between.
        assertThat(counts.syncs()).as(counts.toString()).isBetween(MAILS, MAILS + MAILS / 10);
    }

    private static void submit(SmtpDialogue smtp, int mails) {
        byte[] content = Mails.seeded(1).ofSize(8192).content();
        for (int i = 0; i < mails; i++) {
            assertThat(smtp.submit("alice@client.test", "bob@remote.test", content)
                            .code())
                    .isEqualTo(250);
        }
    }

    private static ChildProcess traced(CrashServer server, Path trace) {
        ChildProcess strace;
        try {
            strace = ChildProcess.start(
                    List.of(
                            "strace",
                            "-f",
                            "-y",
                            "-s",
                            "32",
                            "-e",
                            "trace=fsync,fdatasync,write,writev,sendto,sendmsg",
                            "-o",
                            trace.toString(),
                            "-p",
                            Long.toString(server.pid())),
                    "",
                    Map.of());
        } catch (UncheckedIOException e) {
            return skipped("strace is missing");
        }
        try {
            strace.awaitLine("attached", line -> line.contains("attached"), SOON);
            return strace;
        } catch (AssertionError e) {
            strace.close();
            return skipped("strace may not trace here: " + e.getMessage());
        }
    }

    private static ChildProcess skipped(String why) {
        System.err.println("SKIPPED: SyncBeforeReplyTest: " + why);
        assumeTrue(false, why);
        throw new IllegalStateException("unreachable");
    }

    /**
     * What a trace shows.
     *
     * @param mails 354s that were followed by a 250
     * @param syncs of the spool's log, ended between a 354 and its 250
     * @param unsynced 250s without one
     */
    record Counts(int mails, int syncs, int unsynced) {}

    /** strace writes what happens in the order it happens: a sync counts where it ended, a reply where it began. */
    static Counts count(List<String> trace) {
        Map<String, String> underWay = new HashMap<>();
        boolean isInContent = false;
        int here = 0;
        int mails = 0;
        int syncs = 0;
        int unsynced = 0;
        for (String line : trace) {
            Matcher begun = BEGUN.matcher(line);
            Matcher resumed = RESUMED.matcher(line);
            if (begun.matches()) {
                underWay.put(begun.group(1), begun.group(2));
                here += line.endsWith("= 0") && isLog(begun.group(2)) ? 1 : 0;
            } else if (resumed.matches()) {
                here += line.endsWith("= 0") && isLog(underWay.getOrDefault(resumed.group(1), "")) ? 1 : 0;
            } else if (line.contains("\"354 ")) {
                isInContent = true;
                here = 0;
            } else if (isInContent && line.contains("\"250 ")) {
                isInContent = false;
                mails++;
                syncs += here;
                unsynced += here == 0 ? 1 : 0;
            }
        }
        return new Counts(mails, syncs, unsynced);
    }

    private static boolean isLog(String path) {
        return path.contains("/data/spool/log/");
    }

    @Test
    void aReplyThatOvertakesItsSyncIsSeen() {
        String reply = "7 write(9<TCP:[1]>, \"250 2.6.0 ok\\r\\n\", 14) = 14";
        String go = "7 write(9<TCP:[1]>, \"354 go on\\r\\n\", 11) = 11";
        String begun = "8 fdatasync(5</h/data/spool/log/00000001.seg> <unfinished ...>";
        String ended = "8 <... fdatasync resumed>) = 0";

        assertThat(count(List.of(go, begun, ended, reply))).isEqualTo(new Counts(1, 1, 0));
        assertThat(count(List.of(go, begun, reply, ended))).isEqualTo(new Counts(1, 0, 1));
        assertThat(count(List.of(go, "8 fdatasync(5</h/log/x>) = 0", reply))).isEqualTo(new Counts(1, 0, 1));
    }
}
