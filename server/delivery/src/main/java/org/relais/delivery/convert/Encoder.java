package org.relais.delivery.convert;

/** Takes octets one by one and writes them, encoded, where it was made for. For one thread. */
interface Encoder {
    void put(byte octet);

    /** After the last octet. */
    void end();
}
