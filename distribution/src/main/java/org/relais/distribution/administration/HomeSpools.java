package org.relais.distribution.administration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.relais.administration.port.QueueDamage;
import org.relais.administration.port.Refusal;
import org.relais.administration.port.SpoolVerification;
import org.relais.spool.DamagedRecord;
import org.relais.spool.SpoolException;
import org.relais.spool.log.SpoolVerify;

/** Verifies every spool of a home: that of the mail, those of further queues, those of repositories. */
public final class HomeSpools implements SpoolVerification {
    private static final String MAIN = "spool";
    private static final List<String> FURTHER = List.of("queues", "repositories");
    private static final String FORMAT = "format";
    /** Repositories are folders in folders, as their URLs have them. */
    private static final int DEPTH = 16;

    @Override
    public List<Report> verify(Path data) throws Refusal {
        List<Report> reports = new ArrayList<>();
        for (Path spool : spools(data)) {
            reports.add(report(data, spool));
        }
        return reports;
    }

    private static List<Path> spools(Path data) throws Refusal {
        List<Path> spools = new ArrayList<>();
        if (Files.exists(data.resolve(MAIN))) {
            spools.add(data.resolve(MAIN));
        }
        for (String name : FURTHER) {
            Path parent = data.resolve(name);
            if (Files.isDirectory(parent)) {
                try (Stream<Path> files = Files.walk(parent, DEPTH)) {
                    files.filter(file -> file.endsWith(FORMAT))
                            .map(Path::getParent)
                            .sorted()
                            .forEach(spools::add);
                } catch (IOException e) {
                    throw new Refusal(
                            Refusal.Kind.FAILED,
                            "the folder " + parent + " cannot be read: " + e.getMessage(),
                            "run this as the user who owns the home",
                            e);
                }
            }
        }
        return spools;
    }

    private static Report report(Path data, Path spool) throws Refusal {
        try {
            SpoolVerify.Report report = SpoolVerify.of(spool);
            return new Report(
                    data.relativize(spool).toString(),
                    report.segments(),
                    report.records(),
                    report.bytes(),
                    report.envelopes(),
                    views(report.damages()),
                    views(report.torn()));
        } catch (SpoolException.InUse e) {
            throw new Refusal(
                    Refusal.Kind.CONFLICT,
                    "a server has " + spool + " open",
                    "relais stop, then verify; or relais queue stats, which tells what the server found",
                    e);
        } catch (SpoolException e) {
            throw new Refusal(
                    Refusal.Kind.FAILED,
                    "the spool cannot be read: " + e.getMessage(),
                    "run this as the user who owns the home; see docs/spool-format.md",
                    e);
        }
    }

    private static List<QueueDamage> views(List<DamagedRecord> damages) {
        return damages.stream().map(SpoolQueue::view).toList();
    }
}
