package org.relais.dns;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * DNS over dnsjava, with a memory: each answer is kept as long as its TTL says, from a second to a day; that there is
 * none as RFC 2308 says, 15 minutes at most; a failure for five seconds. A question is on its way once, however many ask
 * it. What is remembered, what is under way and what waits is bounded by {@link DnsSettings}.
 *
 * <p>Safe for use by many threads. Stages complete on the executor, or on a timer's thread when the deadline has passed.
 * DNSSEC is not looked at.
 */
public final class CachedDns implements Dns, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(CachedDns.class);
    private static final String LOCALHOST = "localhost";

    private final DnsSettings settings;
    private final Servers servers;
    private final Throttle throttle;
    private final Cache<Question, Answer> cache;
    private final ConcurrentMap<Question, CompletableFuture<Answer>> underWay = new ConcurrentHashMap<>();
    private volatile boolean isClosed;

    /**
     * @param nanos the time that answers age by, as {@link System#nanoTime}
     * @param executor for reading answers: short work that does not block
     */
    public CachedDns(DnsSettings settings, LongSupplier nanos, Executor executor) {
        Ticker ticker = nanos::getAsLong;
        this.settings = settings;
        this.servers = new Servers(settings, executor);
        this.throttle = new Throttle(settings.underWay(), settings.waiting(), executor);
        this.cache = Caffeine.newBuilder()
                .maximumWeight(settings.cachedRecords())
                .weigher((Question question, Answer answer) ->
                        1 + answer.records().size())
                .expireAfter(Expiry.writing((Question question, Answer answer) -> answer.ttl()))
                .ticker(ticker)
                .executor(executor)
                .build();
    }

    @Override
    public CompletionStage<Lookup<MxHost>> mx(String domain) {
        return DomainName.ascii(domain)
                .map(name -> ask(new Question(name, Type.MX)).thenApply(CachedDns::mxHosts))
                .orElseGet(() -> CompletableFuture.completedFuture(new Lookup.NoDomain<>()));
    }

    private static Lookup<MxHost> mxHosts(Answer answer) {
        Lookup<MxHost> hosts = answer.as(record -> {
            MXRecord mx = (MXRecord) record;
            String host = Question.text(mx.getTarget());
            return new MxHost(mx.getPriority(), host.equals(".") ? "" : host);
        });
        return hosts instanceof Lookup.Found<MxHost> found
                ? new Lookup.Found<>(found.records().stream()
                        .sorted(Comparator.comparingInt(MxHost::preference))
                        .toList())
                : hosts;
    }

    @Override
    public CompletionStage<Lookup<InetAddress>> addresses(String host) {
        Optional<InetAddress> literal = AddressLiteral.of(host);
        if (literal.isPresent()) {
            return CompletableFuture.completedFuture(new Lookup.Found<>(List.of(literal.get())));
        }
        Optional<String> name = DomainName.ascii(host);
        if (name.isEmpty()) {
            return CompletableFuture.completedFuture(new Lookup.NoDomain<>());
        }
        if (name.get().equals(LOCALHOST) || name.get().endsWith("." + LOCALHOST)) {
            // RFC 6761 §6.3: DNS is not asked for it, so that nobody else can answer.
            return CompletableFuture.completedFuture(new Lookup.Found<>(loopback()));
        }
        return ask(new Question(name.get(), Type.AAAA))
                .thenCombine(ask(new Question(name.get(), Type.A)), CachedDns::both);
    }

    private static List<InetAddress> loopback() {
        return List.of(
                AddressLiteral.of("::1").orElseThrow(),
                AddressLiteral.of("127.0.0.1").orElseThrow());
    }

    /** What one of them found is good even while the other failed; that there is nothing needs both. */
    private static Lookup<InetAddress> both(Answer ipv6, Answer ipv4) {
        List<InetAddress> addresses = new ArrayList<>();
        for (Record record : ipv6.records()) {
            addresses.add(((AAAARecord) record).getAddress());
        }
        for (Record record : ipv4.records()) {
            addresses.add(((ARecord) record).getAddress());
        }
        if (!addresses.isEmpty()) {
            return new Lookup.Found<>(addresses);
        }
        if (ipv6.kind() == Answer.Kind.FAILED || ipv4.kind() == Answer.Kind.FAILED) {
            return new Lookup.Failed<>(ipv4.why().isEmpty() ? ipv6.why() : ipv4.why());
        }
        // NXDOMAIN is said of a name, whatever is asked of it; a server that says it of one type alone is wrong.
        return ipv6.kind() == Answer.Kind.NO_DOMAIN && ipv4.kind() == Answer.Kind.NO_DOMAIN
                ? new Lookup.NoDomain<>()
                : new Lookup.NoData<>();
    }

    private CompletableFuture<Answer> ask(Question question) {
        Answer known = cache.getIfPresent(question);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        CompletableFuture<Answer> mine = new CompletableFuture<>();
        CompletableFuture<Answer> others = underWay.putIfAbsent(question, mine);
        if (others != null) {
            return others;
        }
        // Another's may have ended since the cache was asked.
        Answer since = cache.getIfPresent(question);
        if (since != null) {
            end(question, mine, since);
        } else if (isClosed) {
            end(question, mine, Answer.failed("the resolver is closed"));
        } else {
            start(question, mine);
        }
        return mine;
    }

    private void start(Question question, CompletableFuture<Answer> mine) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        answer.completeOnTimeout(
                        Answer.failed("no answer within " + settings.deadline().toMillis() + " ms for " + question),
                        settings.deadline().toMillis(),
                        TimeUnit.MILLISECONDS)
                .whenComplete((value, failure) -> {
                    Answer news = valueOf(value, failure, question);
                    cache.put(question, news);
                    end(question, mine, news);
                });
        boolean isTaken =
                throttle.offer(() -> servers.answer(question, answer::isDone).whenComplete((value, failure) -> {
                    throttle.ended();
                    answer.complete(valueOf(value, failure, question));
                }));
        if (!isTaken) {
            answer.complete(Answer.failed("more than " + settings.waiting() + " DNS look-ups wait"));
        }
    }

    private static Answer valueOf(@Nullable Answer value, @Nullable Throwable failure, Question question) {
        if (value != null) {
            return value;
        }
        LOGGER.error("{} failed by a bug", question, failure);
        return Answer.failed("a failure of this relay, for " + question);
    }

    private void end(Question question, CompletableFuture<Answer> mine, Answer answer) {
        underWay.remove(question, mine);
        mine.complete(answer);
    }

    /** Forgets what is remembered, as after a change of the network. */
    public void forget() {
        cache.invalidateAll();
    }

    /** Who waits is answered with a failure at once, and so is whoever asks from now on. */
    @Override
    public void close() {
        isClosed = true;
        underWay.forEach((question, waiting) -> end(question, waiting, Answer.failed("the resolver is closed")));
    }
}
