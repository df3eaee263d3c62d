package org.relais.access.imap.james;

import io.netty.channel.Channel;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.james.imap.api.process.ImapLineHandler;
import org.apache.james.imap.api.process.SelectedMailbox;
import org.apache.james.imapserver.netty.NettyImapSession;
import org.apache.james.protocols.netty.Encryption;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * James's session, driven by {@link ImapConnection}: one command at a time, on threads that may block, so that nothing
 * has to be pushed to the event loop to be safe, but for the start of TLS.
 */
final class RelaisImapSession extends NettyImapSession {

    private final Channel channel;
    private final @Nullable Encryption startTls;
    private final Deque<ImapLineHandler> dialogues = new ConcurrentLinkedDeque<>();

    /** @param startTls null where the client cannot ask for TLS, because it is there already or not at all */
    RelaisImapSession(Channel channel, @Nullable Encryption startTls) {
        super(channel, startTls, false, true, true, SessionId.generate(), Optional.empty());
        this.channel = channel;
        this.startTls = startTls;
    }

    /** What takes the client's next line instead of the command parser (AUTHENTICATE, IDLE), if anything does. */
    @Nullable
    ImapLineHandler dialogue() {
        return dialogues.peekFirst();
    }

    @Override
    public void pushLineHandler(ImapLineHandler lineHandler) {
        dialogues.addFirst(lineHandler);
    }

    @Override
    public void popLineHandler() {
        dialogues.pollFirst();
    }

    @Override
    public Mono<Void> selected(SelectedMailbox mailbox) {
        return super.selected(WatchedMailbox.watch(mailbox, channel.eventLoop()));
    }

    @Override
    public void executeSafely(Runnable runnable) {
        runnable.run();
    }

    @Override
    public boolean supportStartTLS() {
        return startTls != null && !isTLSActive();
    }

    /** The reply and the TLS handler are one task of the event loop: no octet of the client comes between them. */
    @Override
    public boolean startTLS(Runnable reply) {
        var encryption = startTls;
        if (encryption == null || isTLSActive()) {
            return false;
        }
        channel.eventLoop().execute(() -> {
            reply.run();
            channel.pipeline().addFirst(SSL_HANDLER, encryption.sslHandler());
        });
        return true;
    }
}
