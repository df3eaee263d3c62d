package org.relais.access.smtp;

/** The replies of every mail, made once. */
final class Replies {
    static final Reply OK = Reply.ok("Ok");
    static final Reply SENDER_OK = Reply.of(250, "2.1.0", "Ok");
    static final Reply RECIPIENT_OK = Reply.of(250, "2.1.5", "Ok");
    static final Reply SEND_DATA = Reply.plain(354, "End data with <CR><LF>.<CR><LF>");
    static final Reply LOCAL_PROBLEM = Reply.of(451, "4.3.0", "Local problem, try again later");

    private Replies() {}
}
