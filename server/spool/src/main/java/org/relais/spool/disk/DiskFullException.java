package org.relais.spool.disk;

import java.io.IOException;

/** There is no room on the disk, or the quota is reached. */
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1L;

    public DiskFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
