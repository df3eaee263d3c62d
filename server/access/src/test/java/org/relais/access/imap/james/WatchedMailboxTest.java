package org.relais.access.imap.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.concurrent.DefaultEventExecutor;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.james.events.Event;
import org.apache.james.events.EventListener.ReactiveEventListener;
import org.apache.james.imap.api.process.SelectedMailbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

class WatchedMailboxTest {
    private final DefaultEventExecutor timer = new DefaultEventExecutor();
    private final AtomicBoolean sizeChanged = new AtomicBoolean();
    private final AtomicInteger told = new AtomicInteger();

    @AfterEach
    void stopTimer() {
        timer.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
    }

    @Test
    void tellsAnIdleClientOfAnEventThatWasNotedAfterIdleHadLooked() {
        SelectedMailbox watched = WatchedMailbox.watch(mailbox(), timer);

        watched.registerIdle(listener());
        sizeChanged.set(true);

        await().atMost(Duration.ofSeconds(5)).untilAtomic(told, org.hamcrest.Matchers.is(1));
    }

    @Test
    void looksNoMoreWhenIdleHasEnded() throws Exception {
        SelectedMailbox watched = WatchedMailbox.watch(mailbox(), timer);
        watched.registerIdle(listener());
        watched.unregisterIdle();
        sizeChanged.set(true);

        timer.schedule(() -> {}, 300, java.util.concurrent.TimeUnit.MILLISECONDS)
                .get();

        assertThat(told).hasValue(0);
    }

    private ReactiveEventListener listener() {
        return new ReactiveEventListener() {
            @Override
            public Publisher<Void> reactiveEvent(Event event) {
                return Mono.fromRunnable(() -> {
                    sizeChanged.set(false);
                    told.incrementAndGet();
                });
            }
        };
    }

    /** Only what a look asks for; James's own implementation cannot be made without a mailbox. */
    private SelectedMailbox mailbox() {
        return (SelectedMailbox) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {SelectedMailbox.class}, (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "isSizeChanged" -> sizeChanged.get();
                        case "isDeletedByOtherSession" -> false;
                        case "expungedUids", "flagUpdateUids" -> List.of();
                        case "registerIdle", "unregisterIdle" -> null;
                        default -> throw new IllegalStateException(method.getName());
                    };
                });
    }
}
