package org.relais.access.smtp;

/** A command or mail is refused with this reply: expected, so it carries no stack. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Reply reply;

    Refused(Reply reply) {
        super(reply.summary(), null, false, false);
        this.reply = reply;
    }

    Refused(int code, String status, String text) {
        this(Reply.of(code, status, text));
    }

    Reply reply() {
        return reply;
    }
}
