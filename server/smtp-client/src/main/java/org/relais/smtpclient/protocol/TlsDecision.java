package org.relais.smtpclient.protocol;

import org.relais.smtpclient.TlsPolicy;

/**
 * The one place that decides on TLS towards others: policy × what is offered × how the handshake went. DANE and MTA-STS
 * will be decided here too.
 *
 * @param text why, for people
 */
public record TlsDecision(Verdict verdict, String text) {

    /** What the connection does next. */
    public enum Verdict {
        /** Starts TLS, or goes on under it. */
        TLS,
        CLEAR,
        REFUSE
    }

    /** Before STARTTLS. */
    public static TlsDecision atOffer(TlsPolicy policy, boolean isOffered, boolean hasCredentials) {
        if (policy.level() == TlsPolicy.Level.NONE) {
            return new TlsDecision(Verdict.CLEAR, "not wanted");
        }
        return isOffered ? new TlsDecision(Verdict.TLS, "") : withoutTls(policy, hasCredentials, "not offered");
    }

    /** STARTTLS was refused, or its handshake broke. */
    public static TlsDecision afterFailure(TlsPolicy policy, boolean hasCredentials, String failure) {
        return withoutTls(policy, hasCredentials, "STARTTLS failed: " + failure);
    }

    /** @param why the certificate is not verified */
    public static TlsDecision afterHandshake(TlsPolicy policy, boolean isVerified, String why) {
        return policy.level() == TlsPolicy.Level.VERIFIED && !isVerified
                ? new TlsDecision(
                        Verdict.REFUSE,
                        "TLS with a verified certificate is asked for by " + policy.reason() + ": " + why)
                : new TlsDecision(Verdict.TLS, why);
    }

    private static TlsDecision withoutTls(TlsPolicy policy, boolean hasCredentials, String why) {
        if (policy.isMandatory()) {
            return new TlsDecision(Verdict.REFUSE, "TLS is asked for by " + policy.reason() + ": " + why);
        }
        return hasCredentials
                ? new TlsDecision(Verdict.REFUSE, "credentials are not sent without TLS: " + why)
                : new TlsDecision(Verdict.CLEAR, why);
    }
}
