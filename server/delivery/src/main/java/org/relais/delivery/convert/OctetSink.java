package org.relais.delivery.convert;

/** Where octets go. */
interface OctetSink {
    void put(int octet);
}
