package org.relais.smtpclient.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.relais.model.Reply;
import org.relais.smtpclient.Credentials;
import org.relais.smtpclient.Endpoint;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.TlsPolicy;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.smtpclient.protocol.Extensions.Keyword;

/**
 * How a connection is opened: greeting, EHLO or LHLO, STARTTLS and EHLO again, AUTH. Told what is answered, it says what
 * to do. One thread at a time.
 */
public final class Opening {
    private enum State {
        GREETING,
        EHLO,
        HELO,
        STARTTLS,
        AUTH_PLAIN,
        AUTH_LOGIN,
        AUTH_USER,
        AUTH_PASSWORD
    }

    /** What to do next. */
    public sealed interface Step {
        record Say(byte[] octets) implements Step {}

        /** Make the TLS handshake, then call {@link #secured()}; or close, and see {@link TlsDecision#afterFailure}. */
        record Handshake() implements Step {}

        record Ready(Extensions extensions) implements Step {}

        /** Close. */
        record Failed(Cause cause, int code, String text) implements Step {}
    }

    private final Endpoint endpoint;
    private final boolean mayStartTls;
    private State state = State.GREETING;
    private boolean isSecure;
    private String whyClear = "";
    private Extensions extensions = Extensions.NONE;

    /** @param whyClear why STARTTLS is not tried (it broke on the connection before); null: it is tried */
    public Opening(Endpoint endpoint, @Nullable String whyClear) {
        this.endpoint = endpoint;
        this.mayStartTls = whyClear == null;
        this.whyClear = whyClear == null ? "" : whyClear;
        this.isSecure = endpoint.tls().isImplicit();
    }

    /** Why there is no TLS; empty where there is. */
    public String whyClear() {
        return whyClear;
    }

    /** For texts: what is waited for. */
    public String awaits() {
        return switch (state) {
            case GREETING -> "the greeting";
            case EHLO -> endpoint.protocol() == Protocol.LMTP ? "the reply to LHLO" : "the reply to EHLO";
            case HELO -> "the reply to HELO";
            case STARTTLS -> "the reply to STARTTLS";
            default -> "the reply to AUTH";
        };
    }

    public boolean awaitsGreeting() {
        return state == State.GREETING;
    }

    /** What a lost connection means here. */
    public Cause causeOfLoss() {
        return switch (state) {
            case STARTTLS -> Cause.TLS;
            case AUTH_PLAIN, AUTH_LOGIN, AUTH_USER, AUTH_PASSWORD -> Cause.AUTH;
            default -> Cause.GREETING;
        };
    }

    /** The handshake is done: what was announced in the clear is forgotten (RFC 3207 §4.2). */
    public Step secured() {
        isSecure = true;
        extensions = Extensions.NONE;
        return hello();
    }

    public Step onReply(Reply reply) {
        return switch (state) {
            case GREETING -> reply.code() / 100 == 2 ? hello() : failed(Cause.GREETING, reply);
            case EHLO -> onHello(reply);
            case HELO -> reply.code() / 100 == 2 ? afterHello() : failed(Cause.GREETING, reply);
            case STARTTLS -> onStartTls(reply);
            case AUTH_PLAIN, AUTH_PASSWORD ->
                reply.code() / 100 == 2 ? new Step.Ready(extensions) : failed(Cause.AUTH, reply);
            case AUTH_LOGIN -> onPrompt(reply, State.AUTH_USER, credentials().user());
            case AUTH_USER -> onPrompt(reply, State.AUTH_PASSWORD, credentials().password());
        };
    }

    private Step hello() {
        state = State.EHLO;
        return say((endpoint.protocol() == Protocol.LMTP ? "LHLO " : "EHLO ")
                + endpoint.identity().heloName());
    }

    private Step onHello(Reply reply) {
        if (reply.code() / 100 == 2) {
            extensions = Extensions.of(reply);
            return afterHello();
        }
        if (reply.isPermanent() && endpoint.protocol() == Protocol.SMTP) {
            state = State.HELO; // RFC 5321 §3.2
            return say("HELO " + endpoint.identity().heloName());
        }
        return failed(Cause.GREETING, reply);
    }

    private Step afterHello() {
        if (isSecure) {
            return authenticate();
        }
        if (!mayStartTls) {
            return authenticate();
        }
        TlsDecision decision = TlsDecision.atOffer(
                endpoint.tls(),
                extensions.has(Keyword.STARTTLS),
                endpoint.credentials().isPresent());
        if (decision.verdict() == TlsDecision.Verdict.TLS) {
            state = State.STARTTLS;
            return say("STARTTLS");
        }
        return inTheClear(decision, 0);
    }

    private Step onStartTls(Reply reply) {
        if (reply.code() == 220) {
            return new Step.Handshake();
        }
        if (reply.code() == 421) {
            return failed(Cause.CLOSED, reply);
        }
        return inTheClear(
                TlsDecision.afterFailure(endpoint.tls(), endpoint.credentials().isPresent(), reply.text()),
                reply.code());
    }

    private Step inTheClear(TlsDecision decision, int code) {
        if (decision.verdict() == TlsDecision.Verdict.REFUSE) {
            return new Step.Failed(Cause.TLS, code, decision.text());
        }
        whyClear = decision.text();
        return authenticate();
    }

    private Step authenticate() {
        if (endpoint.credentials().isEmpty()) {
            return new Step.Ready(extensions);
        }
        if (!isSecure && endpoint.tls().level() != TlsPolicy.Level.NONE) {
            return new Step.Failed(Cause.TLS, 0, "credentials are not sent without TLS: " + whyClear);
        }
        if (extensions.mechanisms().contains("PLAIN")) {
            state = State.AUTH_PLAIN;
            return say("AUTH PLAIN "
                    + base64("\0" + credentials().user() + "\0" + credentials().password()));
        }
        if (extensions.mechanisms().contains("LOGIN")) {
            state = State.AUTH_LOGIN;
            return say("AUTH LOGIN");
        }
        return new Step.Failed(Cause.AUTH, 0, "AUTH PLAIN or LOGIN is not offered");
    }

    private Step onPrompt(Reply reply, State next, String answer) {
        if (reply.code() != 334) {
            return failed(Cause.AUTH, reply);
        }
        state = next;
        return say(base64(answer));
    }

    private Credentials credentials() {
        return endpoint.credentials().orElseThrow();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Step failed(Cause cause, Reply reply) {
        return new Step.Failed(cause, reply.code(), reply.text());
    }

    private static Step say(String line) {
        if (Capabilities.hasControl(line, false)) {
            throw new IllegalArgumentException("a control character in a HELO name");
        }
        return new Step.Say((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }
}
