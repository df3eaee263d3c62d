package org.relais.access.imap.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ResponseWriterTest {

    private final List<ChannelPromise> unread = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelOutboundHandlerAdapter() {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            unread.add(promise);
        }
    });
    private final ResponseWriter writer = new ResponseWriter(channel);

    @Test
    void holdsAProducerUntilTheClientHasRead() throws Exception {
        writer.write(new byte[2 << 20]);

        var producer = waiting();
        await().until(() -> producer.thread.getState() == Thread.State.TIMED_WAITING);
        assertThat(producer.end).isNotDone();
        unread.get(0).setSuccess();
        channel.runPendingTasks();

        assertThat(producer.end).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void holdsNobodyForALittle() throws Exception {
        writer.write(new byte[1000]);

        assertThat(waiting().end).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void letsAProducerGoWhenTheClientVanishes() throws Exception {
        writer.write(new byte[2 << 20]);
        var producer = waiting();
        await().until(() -> producer.thread.getState() == Thread.State.TIMED_WAITING);

        channel.close();
        channel.runPendingTasks();

        assertThat(producer.end).succeedsWithin(Duration.ofSeconds(10));
        assertThatThrownBy(() -> writer.write(new byte[1])).isInstanceOf(ClosedChannelException.class);
    }

    private record Producer(Thread thread, CompletableFuture<Void> end) {}

    private Producer waiting() {
        var end = new CompletableFuture<Void>();
        var thread = new Thread(() -> {
            try {
                writer.awaitRoom();
                end.complete(null);
            } catch (IOException e) {
                end.completeExceptionally(e);
            }
        });
        thread.start();
        return new Producer(thread, end);
    }
}
