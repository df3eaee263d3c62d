package org.relais.access.smtp.james.hooks;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.jspecify.annotations.Nullable;
import org.relais.access.smtp.HookVerdict;
import org.relais.access.smtp.SessionFacts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls plug-ins, and tells in the log which of them failed. */
final class HookCall {
    private static final Logger LOGGER = LoggerFactory.getLogger(HookCall.class);

    /** A plug-in failed, and the log says so already. */
    static final class HookFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        HookFailedException(Throwable cause) {
            super(cause);
        }
    }

    private HookCall() {}

    static <R> R of(Object hook, SessionFacts session, Supplier<R> call) {
        try {
            return call.get();
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            // Errors too: a plug-in may be built against classes that are not here, or recurse on a hostile mail.
            log(hook.getClass().getName(), session, e);
            throw new HookFailedException(e);
        }
    }

    static HookResult result(Object hook, SessionFacts session, Supplier<@Nullable HookResult> call) {
        return of(hook, session, () -> {
            HookResult result = call.get();
            if (result == null) {
                throw new IllegalStateException("the hook returned no result");
            }
            return result;
        });
    }

    /** What the first hook says that does not decline. */
    static <T> HookVerdict first(List<T> hooks, SessionFacts session, Function<T, @Nullable HookResult> question) {
        for (T hook : hooks) {
            HookResult result = result(hook, session, () -> question.apply(hook));
            if (HookReplies.decides(result)) {
                return HookReplies.verdict(result);
            }
        }
        return HookVerdict.PASSED;
    }

    static void log(String hook, SessionFacts session, Throwable failure) {
        LOGGER.error(
                "{} failed in {} session {} from {}; the client was told to try again",
                hook,
                session.role().word(),
                session.id(),
                session.clientAddress(),
                failure);
    }
}
