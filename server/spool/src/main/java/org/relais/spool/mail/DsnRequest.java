package org.relais.spool.mail;

/**
 * What the sender asks for by RFC 3461, in the form of the ESMTP parameters. Empty means: not given.
 *
 * @param ret {@code FULL} or {@code HDRS}, for all forward-paths of the mail
 * @param envid in xtext, for all forward-paths of the mail
 * @param notifyWhen {@code NEVER}, or {@code SUCCESS,FAILURE,DELAY} or some of them
 * @param orcpt the original forward-path: its type, a semicolon, and the address in xtext
 */
public record DsnRequest(String ret, String envid, String notifyWhen, String orcpt) {
    public static final DsnRequest NONE = new DsnRequest("", "", "", "");

    public boolean isEmpty() {
        return ret.isEmpty() && envid.isEmpty() && notifyWhen.isEmpty() && orcpt.isEmpty();
    }

    /** What is the same for all forward-paths of the mail. */
    public DsnRequest ofMail() {
        return notifyWhen.isEmpty() && orcpt.isEmpty() ? this : new DsnRequest(ret, envid, "", "");
    }

    public DsnRequest forRecipient(String notifyWhen, String orcpt) {
        return new DsnRequest(ret, envid, notifyWhen, orcpt);
    }
}
