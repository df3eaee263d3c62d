package org.relais.access.imap.james;

import org.apache.james.imap.api.process.ImapProcessor;
import org.apache.james.imap.decode.ImapDecoder;
import org.apache.james.imap.encode.ImapEncoder;

/**
 * What James gives: the command parsers, the response encoders and the processors. One of each serves all sessions.
 *
 * @param processor is configured by the server that uses it; two servers must not share one
 */
public record ImapService(ImapDecoder decoder, ImapEncoder encoder, ImapProcessor processor) {}
