package org.relais.testkit.smtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.relais.testkit.wire.TestCertificate;

/**
 * How a {@link ScriptedSmtpServer} behaves. What is not scripted is accepted. Several answers for one stage are given one
 * after another over all connections, the last one for ever. Written by one thread before {@link #start()}; sealed then.
 */
public final class SmtpScript {
    static final int DEFAULT_KEPT = 64 * 1024 * 1024;

    private final Map<Stage, List<Answer>> answers = new EnumMap<>(Stage.class);
    private final Map<String, List<Answer>> recipients = new HashMap<>();
    private final Map<Object, AtomicInteger> uses = new HashMap<>();
    private final Map<String, String> users = new HashMap<>();
    private final List<String> extensions = new ArrayList<>();
    private InetSocketAddress address = new InetSocketAddress("127.0.0.1", 0);
    private @Nullable TestCertificate certificate;
    private boolean implicitTls;
    private boolean lmtp;
    private int maxConnections = 64;
    private int keptOctets = DEFAULT_KEPT;
    private int vanishAfter = -1;

    SmtpScript() {}

    /** The greeting. */
    public SmtpScript greets(String... lines) {
        return on(Stage.CONNECT, Answer.reply(lines));
    }

    /** Says in the test what is the default. */
    public SmtpScript acceptsEverything() {
        return this;
    }

    public SmtpScript on(Stage stage, String... lines) {
        return on(stage, Answer.reply(lines));
    }

    public SmtpScript on(Stage stage, Answer first, Answer... then) {
        answers.put(stage, sequence(first, then));
        uses.put(stage, new AtomicInteger());
        return this;
    }

    /** The answer to RCPT for one forward-path; goes before {@link Stage#RCPT}. */
    public SmtpScript onRecipient(String forwardPath, Answer first, Answer... then) {
        String path = forwardPath.toLowerCase(Locale.ROOT);
        recipients.put(path, sequence(first, then));
        uses.put(path, new AtomicInteger());
        return this;
    }

    /** Breaks the connection once so many octets of a content have come in. */
    public SmtpScript vanishesInContentAfter(int octets) {
        vanishAfter = octets;
        return this;
    }

    /** Lines of the EHLO reply, e.g. {@code 8BITMIME}, {@code SIZE 1000}. */
    public SmtpScript announces(String... keywords) {
        extensions.addAll(List.of(keywords));
        return this;
    }

    /** Offers STARTTLS with a certificate for 127.0.0.1. */
    public SmtpScript offersStartTls() {
        return offersStartTls(TestCertificate.forHost("scripted.test"));
    }

    public SmtpScript offersStartTls(TestCertificate shown) {
        certificate = shown;
        return this;
    }

    /** Speaks TLS from the first octet. */
    public SmtpScript speaksImplicitTls() {
        certificate = TestCertificate.forHost("scripted.test");
        implicitTls = true;
        return this;
    }

    /** Announces AUTH PLAIN LOGIN and takes this user (RFC 4954). */
    public SmtpScript knows(String user, String password) {
        users.put(user, password);
        return this;
    }

    /** LHLO, and one reply for each accepted recipient behind the content (RFC 2033 §4.2). */
    public SmtpScript speaksLmtp() {
        lmtp = true;
        return this;
    }

    /** Another loopback address or a fixed port; port 0 takes a free one. */
    public SmtpScript listensOn(String host, int port) {
        address = new InetSocketAddress(host, port);
        return this;
    }

    public SmtpScript servesAtMost(int connections) {
        maxConnections = connections;
        return this;
    }

    /** Keeps only so many octets of each content; for loads. */
    public SmtpScript keepsFirst(int octets) {
        keptOctets = octets;
        return this;
    }

    public ScriptedSmtpServer start() {
        try {
            return new ScriptedSmtpServer(this);
        } catch (IOException e) {
            throw new UncheckedIOException("no scripted server on " + address + ": " + e.getMessage(), e);
        }
    }

    private static List<Answer> sequence(Answer first, Answer... then) {
        List<Answer> all = new ArrayList<>();
        all.add(first);
        all.addAll(List.of(then));
        return List.copyOf(all);
    }

    Answer answer(Stage stage, Answer standard) {
        return next(stage, answers.get(stage), standard);
    }

    Answer recipient(String forwardPath, Answer standard) {
        String path = forwardPath.toLowerCase(Locale.ROOT);
        List<Answer> own = recipients.get(path);
        return own == null ? answer(Stage.RCPT, standard) : next(path, own, standard);
    }

    private Answer next(Object key, @Nullable List<Answer> sequence, Answer standard) {
        AtomicInteger use = uses.get(key);
        if (sequence == null || use == null) {
            return standard;
        }
        return sequence.get(Math.min(use.getAndIncrement(), sequence.size() - 1));
    }

    boolean scripts(Stage stage) {
        return answers.containsKey(stage);
    }

    List<String> extensions() {
        return extensions;
    }

    InetSocketAddress address() {
        return address;
    }

    @Nullable
    TestCertificate certificate() {
        return certificate;
    }

    boolean isImplicitTls() {
        return implicitTls;
    }

    boolean isLmtp() {
        return lmtp;
    }

    int maxConnections() {
        return maxConnections;
    }

    int keptOctets() {
        return keptOctets;
    }

    OptionalInt vanishAfter() {
        return vanishAfter < 0 ? OptionalInt.empty() : OptionalInt.of(vanishAfter);
    }

    boolean hasUsers() {
        return !users.isEmpty();
    }

    boolean isUser(String user, String password) {
        return password.equals(users.get(user));
    }
}
