package org.relais.access.smtp.spool;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.relais.access.smtp.SessionFacts;

/**
 * What the chain learns of the session that a mail came by, as attributes in James's JSON form
 * ({@code AttributeValue.toJson}), written without James because it is done for each mail.
 */
final class MailAttributes {
    static final String SESSION = "org.apache.james.SMTPSessionID";
    static final String HELO = "org.apache.james.HELO";
    static final String USER = "org.apache.james.SMTPAuthUser";
    /** Present and true where the session may relay: James's matchers read it. */
    static final String MAY_RELAY_AS_JAMES_SAYS = "org.apache.james.SMTPIsAuthNetwork";

    static final String TLS = "relais.tls";

    private static final String TRUE = "{\"serializer\":\"BooleanSerializer\",\"value\":true}";
    private static final String FALSE = "{\"serializer\":\"BooleanSerializer\",\"value\":false}";

    private MailAttributes() {}

    static Map<String, String> of(SessionFacts session) {
        Map<String, String> attributes = new HashMap<>();
        attributes.put(SESSION, json(session.id()));
        attributes.put(HELO, json(session.helo()));
        attributes.put(SpoolIntake.MAY_RELAY, session.mayRelay() ? TRUE : FALSE);
        if (session.mayRelay()) {
            attributes.put(MAY_RELAY_AS_JAMES_SAYS, TRUE);
        }
        session.userIfAny().ifPresent(user -> attributes.put(USER, json(user)));
        session.tlsIfAny().ifPresent(tls -> attributes.put(TLS, json(tls.toString())));
        return attributes;
    }

    private static String json(String text) {
        StringBuilder json =
                new StringBuilder(48 + text.length()).append("{\"serializer\":\"StringSerializer\",\"value\":\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append("\"}").toString();
    }
}
