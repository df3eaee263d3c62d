package org.relais.delivery.convert;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.relais.delivery.convert.LinePieces.Piece;

/** The header of a message or of a part, while it is read: what matters of it, and where it lies. For one thread. */
final class EntityHeader {
    static final int LONGEST_VALUE = 8 * 1024;

    private static final String TYPE = "content-type";
    private static final String ENCODING = "content-transfer-encoding";
    private static final String VERSION = "mime-version";

    private final StringBuilder type = new StringBuilder();
    private final StringBuilder encoding = new StringBuilder();
    private boolean hasType;
    private boolean hasEncoding;
    private boolean hasVersion;
    private long encodingFrom;
    private long encodingTo;
    private String current = "";
    private boolean isAnyField;
    private @Nullable String fault;

    /** A piece of a line that is not the empty one. */
    void add(Piece piece) {
        boolean continues = !piece.isFirst() || piece.octets()[0] == ' ' || piece.octets()[0] == '\t';
        int from = 0;
        if (!continues) {
            from = begin(piece);
        } else if (!isAnyField) {
            fault("its header begins with a folded line");
        }
        StringBuilder value = current.equals(TYPE) ? type : encoding;
        if (current.equals(TYPE) || current.equals(ENCODING)) {
            if (value.length() + piece.length() > LONGEST_VALUE) {
                fault("its " + current + " has more than " + LONGEST_VALUE + " octets");
            } else {
                value.append(new String(piece.octets(), from, piece.length() - from, ISO_8859_1));
            }
        }
        if (current.equals(ENCODING)) {
            encodingTo = piece.end();
        }
    }

    /** Returns where the value begins. */
    private int begin(Piece piece) {
        isAnyField = true;
        current = "";
        int colon = 0;
        while (colon < piece.length() && piece.octets()[colon] != ':') {
            colon++;
        }
        String name = new String(piece.octets(), 0, colon, ISO_8859_1).stripTrailing();
        if (colon == piece.length() || name.isEmpty() || name.indexOf(' ') >= 0 || name.indexOf('\t') >= 0) {
            fault("a line of its header is no field");
            return piece.length();
        }
        current = name.toLowerCase(Locale.ROOT);
        switch (current) {
            case TYPE -> hasType = once(hasType);
            case VERSION -> hasVersion = once(hasVersion);
            case ENCODING -> {
                hasEncoding = once(hasEncoding);
                encodingFrom = piece.at();
            }
            default -> {}
        }
        return colon + 1;
    }

    private boolean once(boolean isThere) {
        if (isThere) {
            fault("it has " + current + " twice");
        }
        return true;
    }

    private void fault(String why) {
        if (fault == null) {
            fault = why;
        }
    }

    /** Why readers may differ about it. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    boolean hasType() {
        return hasType;
    }

    boolean hasVersion() {
        return hasVersion;
    }

    /** Empty if it cannot be read. */
    Optional<ContentType> type(ContentType usual) {
        return hasType ? ContentType.parse(type.toString()) : Optional.of(usual);
    }

    /** In lower case; {@code 7bit} where nothing is said (RFC 2045 §6.1), the whole value where it cannot be read. */
    String encoding() {
        if (!hasEncoding) {
            return "7bit";
        }
        FieldTokens tokens = new FieldTokens(encoding.toString());
        return tokens.token()
                .filter(token -> tokens.isAtEnd())
                .orElse(encoding.toString())
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    /** The field in place of that which is there, or behind all others. */
    Edit withEncoding(String token, long headerEnd) {
        String field = "Content-Transfer-Encoding: " + token + "\r\n";
        return hasEncoding
                ? new Edit.Text(encodingFrom, encodingTo, field)
                : new Edit.Text(headerEnd, headerEnd, field);
    }
}
