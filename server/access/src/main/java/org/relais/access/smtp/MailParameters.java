package org.relais.access.smtp;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.relais.spool.mail.DsnRequest;

/** Checks the parameters of MAIL: SIZE (RFC 1870), BODY (RFC 6152), AUTH (RFC 4954 §5), RET and ENVID (RFC 3461 §4); any other is refused, but for those of plug-ins. */
final class MailParameters {
    private static final Pattern SIZE = Pattern.compile("[0-9]{1,20}");
    private static final Pattern XTEXT = Pattern.compile("([!-*,-<>-~]|\\+[0-9A-F]{2})+");

    private final SmtpOptions options;
    private final boolean offersAuth;
    private final Set<String> others;

    /** @param others parameters that plug-ins look after, in capitals */
    MailParameters(SmtpOptions options, boolean isEncrypted, Set<String> others) {
        this.options = options;
        this.others = others;
        this.offersAuth = isEncrypted && options.role() != Role.LMTP;
    }

    /**
     * What the client says of the content to come.
     *
     * @param octets 0 if it does not say
     */
    record Declared(long octets, boolean isEightBit, DsnRequest dsn) {}

    Declared check(Map<String, String> parameters) throws Refused {
        boolean eightBit = false;
        long octets = 0;
        String ret = "";
        String envid = "";
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            String value = parameter.getValue();
            switch (parameter.getKey()) {
                case "SIZE":
                    octets = size(value);
                    break;
                case "BODY":
                    eightBit = isEightBit(value);
                    break;
                case "RET":
                    ret = DsnParameters.ret(value);
                    break;
                case "ENVID":
                    envid = DsnParameters.envid(value);
                    break;
                case "AUTH":
                    checkAuth(value);
                    break;
                default:
                    if (!others.contains(parameter.getKey())) {
                        throw unknown();
                    }
            }
        }
        return new Declared(octets, eightBit, new DsnRequest(ret, envid, "", ""));
    }

    private long size(String value) throws Refused {
        if (!SIZE.matcher(value).matches()) {
            throw new Refused(501, "5.5.4", "Syntax error in SIZE");
        }
        // Twenty digits do not fit into a long; what does not parse is too large in any case.
        if (value.length() > 18 || Long.parseLong(value) > options.messageOctets()) {
            throw new Refused(552, "5.3.4", "Message too large, the limit is " + options.messageOctets() + " octets");
        }
        return Long.parseLong(value);
    }

    private static boolean isEightBit(String value) throws Refused {
        switch (value.toUpperCase(Locale.ROOT)) {
            case "7BIT":
                return false;
            case "8BITMIME":
                return true;
            default:
                throw new Refused(501, "5.5.4", "BODY must be 7BIT or 8BITMIME");
        }
    }

    private void checkAuth(String value) throws Refused {
        if (!offersAuth) {
            throw unknown();
        }
        if (!XTEXT.matcher(value).matches()) {
            throw new Refused(501, "5.5.4", "Syntax error in AUTH");
        }
    }

    private static Refused unknown() {
        return new Refused(555, "5.5.4", "Unknown MAIL parameter");
    }
}
