package org.relais.spool;

/**
 * A record on disk that does not match its checksum.
 *
 * @param file name within the spool's folder
 * @param offset where it begins, in bytes
 * @param what what it was and whose, as far as that can still be told
 */
public record DamagedRecord(String file, long offset, String what) {

    @Override
    public String toString() {
        return file + " at " + offset + ": " + what;
    }
}
