package org.relais.access.smtp.james.hooks;

import javax.mail.internet.AddressException;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.relais.access.smtp.MailPath;

/** Paths that the session took, as James has them. */
final class Addresses {
    private Addresses() {}

    static MailAddress of(MailPath path) {
        try {
            return new MailAddress(path.address());
        } catch (AddressException e) {
            throw new IllegalArgumentException("the session took an address that is none to James: " + path, e);
        }
    }

    static MaybeSender sender(MailPath reversePath) {
        return reversePath.isNullReversePath() ? MaybeSender.nullSender() : MaybeSender.of(of(reversePath));
    }
}
