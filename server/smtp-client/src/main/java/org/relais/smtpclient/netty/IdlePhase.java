package org.relais.smtpclient.netty;

import org.relais.model.Reply;

/** No mail is under way: whatever comes ends the connection, if it has not ended. On the event loop only. */
final class IdlePhase implements Phase {
    private final Connection connection;
    private final Pool pool;

    IdlePhase(Connection connection, Pool pool) {
        this.connection = connection;
        this.pool = pool;
    }

    /** Nothing is said. */
    @Override
    public void start() {}

    /** 421, or what nobody asked for. */
    @Override
    public void onReply(Reply reply, boolean isMoreBehind) {
        connection.end();
    }

    @Override
    public void onDue() {
        if (pool.takeIdle(connection)) {
            connection.quit();
        }
    }

    @Override
    public void onLost(String text, int code) {
        connection.end();
    }
}
