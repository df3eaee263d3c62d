package org.relais.smtpclient.netty;

import org.relais.model.Reply;
import org.relais.smtpclient.protocol.NotSmtpException;

/**
 * What a connection is at: it is being opened, is idle, or carries a mail. It is told what happens on the wire; a
 * connection that is gone counts as idle. On the event loop only.
 */
interface Phase {
    void start();

    /** The channel is active. */
    default void onConnected() {}

    /** @param isMoreBehind whether the same octets go on after the reply */
    void onReply(Reply reply, boolean isMoreBehind) throws NotSmtpException;

    /** The deadline has passed. */
    void onDue();

    /**
     * The connection is of no use any more, for a reason that says nothing about a mail.
     *
     * @param code of the reply that says so; 0: there was none
     */
    void onLost(String text, int code);

    /** The wire broke, or was closed by the server. */
    default void onBroken(String text) {
        onLost(text, 0);
    }

    /** The socket has room. */
    default void onWritable() {}

    /** It is over, one way or another. */
    default void stop() {}
}
