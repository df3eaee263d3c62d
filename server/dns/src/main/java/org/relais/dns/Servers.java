package org.relais.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;

/**
 * Asks one server after the other, over UDP and, where the answer is truncated, over TCP, until one gives an answer, and
 * follows aliases. Remembers nothing. For any thread; its stages never fail.
 */
final class Servers {
    private static final Logger LOGGER = LoggerFactory.getLogger(Servers.class);

    private final List<Resolver> resolvers;
    private final int attempts;
    private final Executor executor;

    Servers(DnsSettings settings, Executor executor) {
        List<InetSocketAddress> servers =
                settings.servers().isEmpty() ? ResolverConfig.getCurrentConfig().servers() : settings.servers();
        List<InetSocketAddress> asked = servers.subList(0, Math.min(servers.size(), DnsSettings.MAX_SERVERS));
        this.attempts = asked.size() * settings.tries();
        Duration patience = settings.deadline().dividedBy(Math.max(1, attempts));
        this.resolvers =
                asked.stream().map(server -> resolver(server, patience)).toList();
        this.executor = executor;
    }

    private static Resolver resolver(InetSocketAddress server, Duration patience) {
        SimpleResolver resolver = new SimpleResolver(server);
        resolver.setTimeout(patience);
        return resolver;
    }

    /** @param isOver asked before each query: nobody wants the answer any more */
    CompletionStage<Answer> answer(Question question, BooleanSupplier isOver) {
        return resolve(question, new HashSet<>(), isOver);
    }

    private CompletionStage<Answer> resolve(Question question, Set<Name> seen, BooleanSupplier isOver) {
        return attempt(question, seen, 0, "no DNS server is known", isOver).thenCompose(reading -> {
            if (reading instanceof Reading.Alias alias) {
                String target = Question.text(alias.target());
                // A target that is no name, of binary labels for example, has no mail server.
                return DomainName.ascii(target)
                        .map(name -> resolve(question.of(name), seen, isOver))
                        .orElseGet(() -> CompletableFuture.completedFuture(
                                Answer.noDomain(alias.ttl().toSeconds())))
                        .thenApply(answer -> answer.atMost(alias.ttl()));
            }
            return CompletableFuture.completedFuture(((Reading.Done) reading).answer());
        });
    }

    /** The n-th try; done or an alias. */
    private CompletionStage<Reading> attempt(
            Question question, Set<Name> seen, int n, String soFar, BooleanSupplier isOver) {
        if (n >= attempts || isOver.getAsBoolean()) {
            return CompletableFuture.completedFuture(new Reading.Done(Answer.failed(soFar)));
        }
        Resolver resolver = resolvers.get(n % resolvers.size());
        return send(resolver, question)
                .handle((response, failure) -> reading(response, failure, question, seen))
                .thenCompose(reading -> {
                    if (reading instanceof Reading.Useless useless) {
                        LOGGER.debug("{} to {}: {}", question, resolver, useless.why());
                        return attempt(question, seen, n + 1, useless.why() + " for " + question, isOver);
                    }
                    return CompletableFuture.completedFuture(reading);
                });
    }

    private CompletionStage<Message> send(Resolver resolver, Question question) {
        try {
            return resolver.sendAsync(Message.newQuery(question.record()), executor);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Reading reading(
            @Nullable Message response, @Nullable Throwable failure, Question question, Set<Name> seen) {
        if (response != null) {
            return Reading.of(response, question, seen);
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof TimeoutException) {
            return new Reading.Useless("no answer");
        }
        if (cause instanceof IOException) {
            // dnsjava gives its own deadline this class too.
            String message = String.valueOf(cause.getMessage());
            return new Reading.Useless(
                    message.contains("imed out") ? "no answer" : "a broken answer (" + message + ")");
        }
        LOGGER.error("{} failed by a bug", question, cause);
        return new Reading.Useless("a failure of this relay");
    }
}
