package org.relais.delivery.convert;

/** The encodings of RFC 2045 §6 that make 7bit of anything. */
enum Encoding {
    QUOTED_PRINTABLE("quoted-printable"),
    BASE64("base64");

    private final String token;

    Encoding(String token) {
        this.token = token;
    }

    /** As {@code Content-Transfer-Encoding} names it. */
    String token() {
        return token;
    }
}
