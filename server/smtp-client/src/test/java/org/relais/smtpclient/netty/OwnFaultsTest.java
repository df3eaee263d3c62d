package org.relais.smtpclient.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.relais.smtpclient.ClientSettings;
import org.relais.smtpclient.OutgoingContent;
import org.relais.testkit.smtp.ScriptedSmtpServer;

/** Faults of ours: the caller is told, the connection ends, its place is given back, and the next mail goes. */
class OwnFaultsTest extends RemoteTest {
    private static final ClientSettings NARROW =
            new ClientSettings(2, 2, LONG, 1000, settings(LONG).timeouts(), LONG, CLOSING);

    @Test
    void givesBackThePlaceAfterEveryFaultOfAContentInMemory() {
        use(NARROW);
        var server = start(scriptedServer().announces("PIPELINING"));

        for (int i = 0; i < 10; i++) {
            assertFault(
                    client().send(to(server), mail(new Broken(new IllegalStateException("a bug")))),
                    IllegalStateException.class);
        }

        assertNoConnections();
        assertReplies(send(to(server), mail()), 250);
    }

    @Test
    void givesBackThePlaceAfterEveryFaultOfAContentThatIsStreamed() {
        use(NARROW);
        var server = start(scriptedServer().announces("PIPELINING"));

        for (int i = 0; i < 5; i++) {
            assertFault(client().send(to(server), mail(new Streamed(20, null))), StackOverflowError.class);
            assertFault(client().send(to(server), mail(new Streamed(20, new byte[10]))), IOException.class);
            assertFault(client().send(to(server), mail(new Streamed(20, new byte[30]))), IOException.class);
        }

        assertNoConnections();
        assertThat(server.mailCount()).isZero();
        assertReplies(send(to(server), mail()), 250);
    }

    @Test
    void saysThatNoThreadReadsTheContent() {
        Executor rejecting = command -> {
            throw new RejectedExecutionException("full");
        };
        use(NARROW, rejecting, System::nanoTime);
        var server = start(scriptedServer().announces("PIPELINING"));

        for (int i = 0; i < 5; i++) {
            assertFault(
                    client().send(to(server), mail(new Octets(new byte[20], OutgoingContent.Kind.SEVEN_BIT, false))),
                    RejectedExecutionException.class);
        }

        assertNoConnections();
        assertReplies(send(to(server), mail()), 250);
    }

    @Test
    void survivesAFaultAtAnyStep() {
        var server = start(scriptedServer().announces("PIPELINING", "CHUNKING"));
        var tls = start(scriptedServer().announces("PIPELINING").offersStartTls());
        int faults = 0;
        for (int step = 0; step < 25; step++) {
            faults += sendsTwoMailsWithAFaultAt(step, server) + sendsTwoMailsWithAFaultAt(step, tls);
        }
        assertThat(faults).isGreaterThan(10);
    }

    private int sendsTwoMailsWithAFaultAt(int step, ScriptedSmtpServer server) {
        AtomicInteger calls = new AtomicInteger();
        LongSupplier faulty = () -> {
            if (calls.getAndIncrement() == step) {
                throw new IllegalStateException("a bug at step " + step);
            }
            return System.nanoTime();
        };
        use(new ClientSettings(1, 1, LONG, 1000, settings(LONG).timeouts(), LONG, CLOSING), Runnable::run, faulty);
        int faults = 0;
        for (int i = 0; i < 2; i++) {
            try {
                assertReplies(send(to(server), mail()), 250);
            } catch (CompletionException e) {
                assertThat(e).hasCauseInstanceOf(IllegalStateException.class);
                faults++;
            }
        }
        calls.set(1000); // past the fault
        assertReplies(send(to(server), mail()), 250);
        assertThat(client().connections()).isEqualTo(1);
        client().close();
        return faults;
    }

    @Test
    void saysSoWhereTheEventLoopHasEnded() throws Exception {
        var server = start(scriptedServer());
        assertReplies(send(to(server), mail()), 250);
        group().shutdownGracefully(0, 1, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);

        for (int i = 0; i < 5; i++) {
            assertFault(client().send(to(server), mail()), RejectedExecutionException.class);
        }

        assertNoConnections();
    }

    /** In memory, and not. */
    private record Broken(RuntimeException fault) implements OutgoingContent {
        @Override
        public long size() {
            return 10;
        }

        @Override
        public Kind kind() {
            return Kind.SEVEN_BIT;
        }

        @Override
        public Optional<ByteBuffer[]> inMemory() {
            throw fault;
        }

        @Override
        public InputStream open() {
            throw fault;
        }
    }

    /** @param octets what can be read; null: a fault */
    private record Streamed(long size, byte[] octets) implements OutgoingContent {
        @Override
        public Kind kind() {
            return Kind.SEVEN_BIT;
        }

        @Override
        public Optional<ByteBuffer[]> inMemory() {
            return Optional.empty();
        }

        @Override
        public InputStream open() {
            if (octets == null) {
                throw new StackOverflowError("a bug");
            }
            return new ByteArrayInputStream(octets);
        }
    }
}
