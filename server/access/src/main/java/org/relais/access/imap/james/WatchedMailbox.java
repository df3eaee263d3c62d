package org.relais.access.imap.james;

import io.netty.util.concurrent.EventExecutor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.james.core.Username;
import org.apache.james.events.Event;
import org.apache.james.events.EventListener.ReactiveEventListener;
import org.apache.james.imap.api.process.SelectedMailbox;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * James's selected mailbox, in which an IDLE misses nothing.
 *
 * <p>James chooses whom to tell of an event when the event arrives, and notes the event itself a moment later, on another
 * thread. One that arrives just ahead of an IDLE is told to nobody and not yet noted when IDLE first looks: the client
 * would hear of it with the next mail only. While an IDLE lasts, this one looks again after {@value #FIRST_LOOK_MILLIS} ms
 * and then every {@value #LOOK_MILLIS} ms; a look at an unchanged mailbox is a few flags. The issue on IMAP replaces it.
 */
final class WatchedMailbox implements InvocationHandler {
    private static final Logger LOGGER = LoggerFactory.getLogger(WatchedMailbox.class);
    private static final long FIRST_LOOK_MILLIS = 100;
    private static final long LOOK_MILLIS = 1000;
    private static final Duration LOOK_DEADLINE = Duration.ofSeconds(30);
    private static final Event LOOK = new Look(Event.EventId.random(), Username.of("nobody"));

    /** Stands for the event that was missed. */
    private record Look(EventId getEventId, Username getUsername) implements Event {
        @Override
        public boolean isNoop() {
            return true;
        }
    }

    private final SelectedMailbox mailbox;
    private final EventExecutor timer;
    private final AtomicReference<@Nullable ReactiveEventListener> idle = new AtomicReference<>();

    private WatchedMailbox(SelectedMailbox mailbox, EventExecutor timer) {
        this.mailbox = mailbox;
        this.timer = timer;
    }

    /** @param timer only asks for the look; what it takes is done on James's threads */
    static SelectedMailbox watch(SelectedMailbox mailbox, EventExecutor timer) {
        return (SelectedMailbox) Proxy.newProxyInstance(
                SelectedMailbox.class.getClassLoader(),
                new Class<?>[] {SelectedMailbox.class},
                new WatchedMailbox(mailbox, timer));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            Object result = method.invoke(mailbox, arguments);
            if (method.getName().equals("registerIdle") && arguments != null) {
                begin((ReactiveEventListener) arguments[0]);
            } else if (method.getName().equals("unregisterIdle")
                    || method.getName().equals("deselect")) {
                idle.set(null);
            }
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private void begin(ReactiveEventListener listener) {
        idle.set(listener);
        lookIn(FIRST_LOOK_MILLIS, listener);
    }

    private void lookIn(long millis, ReactiveEventListener listener) {
        timer.schedule(() -> look(listener), millis, TimeUnit.MILLISECONDS);
    }

    private void look(ReactiveEventListener listener) {
        if (idle.get() != listener) {
            return;
        }
        if (!hasNews()) {
            lookIn(LOOK_MILLIS, listener);
            return;
        }
        // The listener of IDLE tells whatever has changed; which event it was does not matter to it.
        Mono.from(listener.reactiveEvent(LOOK))
                .timeout(LOOK_DEADLINE)
                .doFinally(signal -> lookIn(LOOK_MILLIS, listener))
                .subscribe(nothing -> {}, failure -> LOGGER.warn("imap: an idle client could not be told", failure));
    }

    private boolean hasNews() {
        return mailbox.isSizeChanged()
                || mailbox.isDeletedByOtherSession()
                || !mailbox.expungedUids().isEmpty()
                || !mailbox.flagUpdateUids().isEmpty();
    }
}
