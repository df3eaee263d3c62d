package org.relais.delivery.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.relais.delivery.convert.Conversion;
import org.relais.model.EnhancedStatus;
import org.relais.smtpclient.Endpoint;
import org.relais.smtpclient.OutgoingContent;
import org.relais.smtpclient.SmtpClient;
import org.relais.smtpclient.Transaction;
import org.relais.smtpclient.TransactionResult;
import org.relais.smtpclient.TransactionResult.Unsendable;

/**
 * Sends a content as it is; where the hop does not take it so and the route converts, as 7bit. Safe for use by many
 * threads.
 */
final class ConvertingSender {
    /** RFC 3463 §3.7: conversion required but not supported. */
    private static final EnhancedStatus NOT_TAKEN_SO = new EnhancedStatus(5, 6, 3);

    private final SmtpClient client;
    private final Executor readers;

    /** @param readers where contents may be read from the disk */
    ConvertingSender(SmtpClient client, Executor readers) {
        this.client = client;
        this.readers = readers;
    }

    /** @param isConverted whether the hop was given another content than that of the spool */
    record Sent(TransactionResult result, boolean isConverted) {}

    CompletionStage<Sent> send(Endpoint hop, Transaction mail, boolean mayConvert) {
        return client.send(hop, mail).thenCompose(result -> {
            if (mayConvert
                    && result instanceof Unsendable unsendable
                    && unsendable.status().equals(NOT_TAKEN_SO)
                    && mail.content().kind() != OutgoingContent.Kind.SEVEN_BIT) {
                return CompletableFuture.supplyAsync(() -> conversion(mail), readers)
                        .thenCompose(conversion -> sendConverted(hop, mail, conversion, unsendable));
            }
            return CompletableFuture.completedFuture(new Sent(result, false));
        });
    }

    private static Conversion conversion(Transaction mail) {
        try {
            return ConvertedContent.conversion(mail.content());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CompletionStage<Sent> sendConverted(
            Endpoint hop, Transaction mail, Conversion conversion, Unsendable before) {
        if (conversion instanceof Conversion.Refused refused) {
            return CompletableFuture.completedFuture(new Sent(
                    new Unsendable(
                            before.status(),
                            before.text() + ", and the mail could not be converted to 7bit: " + refused.why(),
                            before.session()),
                    false));
        }
        Transaction converted = new Transaction(
                mail.reversePath(),
                mail.recipients(),
                new ConvertedContent(mail.content(), (Conversion.Plan) conversion),
                mail.ret(),
                mail.envid(),
                mail.needsSmtpUtf8());
        return client.send(hop, converted).thenApply(result -> new Sent(result, true));
    }
}
