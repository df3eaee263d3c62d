package org.relais.access.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relais.model.QueueId;

class ReceivedFieldTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void writesAnIpv6ClientAsAnAddressLiteral() throws Exception {
        String field = field(session(Role.SMTP, "not a name", true, null, null));

        assertThat(field)
                .isEqualTo("Received: from [IPv6:2001:db8:0:0:0:0:0:1] ([IPv6:2001:db8:0:0:0:0:0:1])\r\n"
                        + "\tby mx.example.org with ESMTP\r\n\tid ID1;\r\n\tFri, 2 Jan 2026 03:04:05 +0000\r\n");
    }

    /** RFC 3848. */
    @ParameterizedTest
    @CsvSource({
        "SMTP, false, false, false, SMTP",
        "SMTP, true, false, false, ESMTP",
        "SMTP, true, true, false, ESMTPS",
        "SUBMISSION, true, true, true, ESMTPSA",
        "LMTP, true, false, false, LMTP",
        "LMTP, true, true, false, LMTPS"
    })
    void namesTheProtocol(Role role, boolean extended, boolean tls, boolean user, String protocol) throws Exception {
        SessionFacts session = session(
                role,
                "c.example",
                extended,
                tls ? new TlsSession("TLSv1.3", "X") : null,
                user ? "alice@example.org" : null);

        assertThat(field(session)).contains(" with " + protocol + (tls ? " (TLSv1.3 X)\r\n" : "\r\n"));
    }

    private static String field(SessionFacts session) {
        return ReceivedField.of(session, "mx.example.org", new QueueId("ID1"), List.of(), AT);
    }

    private static SessionFacts session(Role role, String helo, boolean extended, TlsSession tls, String user)
            throws Exception {
        InetSocketAddress client = new InetSocketAddress(InetAddress.getByName("2001:db8::1"), 4000);
        return new SessionFacts(role, "s", client, helo, extended, user, tls, false);
    }
}
