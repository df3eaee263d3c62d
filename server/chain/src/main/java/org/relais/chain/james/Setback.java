package org.relais.chain.james;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.mail.MessagingException;
import org.apache.mailet.Mail;
import org.relais.chain.retry.Failures;
import org.relais.chain.retry.Position;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done with a branch that a fault stopped: back into the spool; into the processor {@code error} when it failed
 * there for too long; into a repository when the spool does not take it. Belongs to one {@link ChainRun}.
 */
final class Setback {
    private static final Logger LOGGER = LoggerFactory.getLogger(Setback.class);

    private final LoadedChain chain;
    private final ChainParts parts;
    private final List<Mail> unsettled = new ArrayList<>();

    Setback(LoadedChain chain, ChainParts parts) {
        this.chain = chain;
        this.parts = parts;
    }

    /** Where the branch goes on in this run, if it does. Throws nothing. */
    Optional<Branch> defer(Branch branch, Throwable thrown, String what) {
        restoreInterrupt(thrown);
        Mail mail = branch.mail();
        String reason = what + ": " + ChainReader.reason(thrown);
        Failures before = branch.failures();
        Failures failures = before == null ? Failures.first(parts.spool().now()) : before.oneMore();
        try {
            if (parts.spool().isExpired(failures)) {
                return expire(branch, reason, thrown);
            }
            LOGGER.error("mail {}: {}; deferred, failure {}", mail.getName(), what, failures.count(), thrown);
            Position position = new Position(
                    branch.processor().name(),
                    branch.step(),
                    branch.isMatched(),
                    branch.processor().plan().fingerprint(branch.step()));
            parts.spool().defer(mail, new Deferral(position, failures), reason);
        } catch (Throwable alsoThrown) {
            keepInstead(mail, reason, alsoThrown);
        }
        return Optional.empty();
    }

    private Optional<Branch> expire(Branch branch, String reason, Throwable thrown) throws MessagingException {
        Mail mail = branch.mail();
        if (chain.isError(branch.processor())) {
            LOGGER.error("mail {}: {}, and has expired; it is kept", mail.getName(), reason, thrown);
            parts.keeper().keep(mail, reason);
            return Optional.empty();
        }
        LOGGER.error("mail {}: {}, and has expired; it goes to the processor error", mail.getName(), reason, thrown);
        mail.setErrorMessage(reason);
        return Optional.of(branch.moveTo(chain.error()));
    }

    private void keepInstead(Mail mail, String reason, Throwable why) {
        restoreInterrupt(why);
        LOGGER.error("mail {}: the spool does not take it back; it is kept", mail.getName(), why);
        try {
            parts.keeper().keep(mail, reason);
        } catch (Throwable alsoThrown) {
            restoreInterrupt(alsoThrown);
            LOGGER.error("mail {}: cannot be kept either", mail.getName(), alsoThrown);
            unsettled.add(mail);
        }
    }

    /** Throws when a mail could neither be deferred nor kept. */
    void throwIfUnsettled() throws MessagingException {
        if (!unsettled.isEmpty()) {
            throw new MessagingException("neither the spool nor the repository for lost mails took "
                    + unsettled.stream().map(Mail::getRecipients).toList());
        }
    }

    private static void restoreInterrupt(Throwable thrown) {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
    }
}
