package org.relais.chain.james;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.mail.MessagingException;
import org.relais.chain.claim.CommitFailedException;
import org.relais.chain.retry.Failures;
import org.relais.chain.retry.Position;
import org.relais.model.EnhancedStatus;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEventKind;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done with a branch that a fault stopped: it waits in the spool, each time longer; it goes into the processor
 * {@code error} when it failed at one step for too long; it is kept in a repository when that happened in {@code error}.
 */
final class Setback {
    private static final Logger LOGGER = LoggerFactory.getLogger(Setback.class);
    /** Other or undefined mail system status, transient (RFC 3463 §3.4): a fault of ours. */
    private static final EnhancedStatus OUR_FAULT = new EnhancedStatus(4, 3, 0);

    private final LoadedChain chain;
    private final ChainParts parts;

    Setback(LoadedChain chain, ChainParts parts) {
        this.chain = chain;
        this.parts = parts;
    }

    /**
     * Where the branch goes on in this run, if it does.
     *
     * @throws CommitFailedException if the spool did not note it: the envelopes are as they were
     */
    Optional<Branch> defer(Branch branch, Throwable thrown, String what) {
        if (isInterrupted(thrown) && parts.isStopping().getAsBoolean()) {
            LOGGER.info("mail {}: {} was interrupted by the stop", branch.mail().getName(), what);
            branch.claims().all().forEach(parts.spools().spool()::release);
            return Optional.empty();
        }
        String reason = what + ": " + ChainReader.reason(thrown);
        Instant now = parts.spools().now();
        Failures before = branch.failures();
        Failures failures = before == null ? Failures.first(now) : before.oneMore();
        try {
            if (parts.settings().retries().isExpired(failures, now)) {
                return expire(branch, reason, thrown);
            }
            LOGGER.error("mail {}: {}; deferred, failure {}", branch.mail().getName(), what, failures.count(), thrown);
            Instant next = now.plus(parts.settings().retries().delayAfter(failures.count()));
            new StepCommit(parts.spools(), branch)
                    .defer(new Progress(Optional.of(position(branch)), Optional.of(failures)), next, reason);
            deferred(branch, failures, next, reason);
        } catch (CommitFailedException notCommitted) {
            throw notCommitted;
        } catch (Throwable alsoThrown) {
            restoreInterrupt(alsoThrown);
            LOGGER.error(
                    "mail {}: how far it came cannot be kept; it goes on later from where it was kept last",
                    branch.mail().getName(),
                    alsoThrown);
            deferAsItWas(parts.spools(), parts.settings(), branch.claims().all(), reason);
        }
        return Optional.empty();
    }

    /** Defers envelopes without a look at their state; throws {@link CommitFailedException} only. */
    static void deferAsItWas(Spools spools, ChainSettings settings, Iterable<Claim> claims, String reason) {
        Instant now = spools.now();
        spools.commits().commit(() -> {
            Changes changes = new Changes().relaxed();
            for (Claim claim : claims) {
                Duration delay =
                        settings.retries().delayAfter(claim.envelope().details().attempts() + 1);
                changes.update(claim, claim.envelope().details().deferred(now.plus(delay), reason));
            }
            return changes;
        });
    }

    private static Position position(Branch branch) {
        return new Position(
                branch.processor().name(),
                branch.step(),
                branch.isMatched(),
                branch.processor().plan().fingerprint(branch.step()));
    }

    private void deferred(Branch branch, Failures failures, Instant next, String reason) {
        parts.events()
                .record(JamesMailEvents.about(branch.mail(), MailEventKind.DEFERRED)
                        .with(EventField.PROCESSOR, branch.processor().name())
                        .with(EventField.STATUS, OUR_FAULT)
                        .with(EventField.ATTEMPT, failures.count())
                        .with(EventField.NEXT_ATTEMPT, next)
                        .with(EventField.REASON, reason)
                        .build());
    }

    private Optional<Branch> expire(Branch branch, String reason, Throwable thrown) throws MessagingException {
        String name = branch.mail().getName();
        if (chain.isError(branch.processor())) {
            LOGGER.error("mail {}: {}, and has expired; it is kept", name, reason, thrown);
            parts.keeper().keep(branch, reason);
            return Optional.empty();
        }
        LOGGER.error("mail {}: {}, and has expired; it goes to the processor error", name, reason, thrown);
        branch.mail().setErrorMessage(reason);
        return Optional.of(branch.moveTo(chain.error()));
    }

    private static boolean isInterrupted(Throwable thrown) {
        restoreInterrupt(thrown);
        return Thread.currentThread().isInterrupted() || thrown.getCause() instanceof InterruptedException;
    }

    private static void restoreInterrupt(Throwable thrown) {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
    }
}
