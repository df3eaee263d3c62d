package org.relais.access.smtp;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.relais.model.XText;
import org.relais.spool.mail.DsnRequest;

/** The parameters of RFC 3461 §4: RET and ENVID of MAIL, NOTIFY and ORCPT of RCPT. */
final class DsnParameters {
    /** RFC 3461 §4.4. */
    private static final int LONGEST_ENVID = 100;
    /** RFC 3461 §4.2. */
    private static final int LONGEST_ORCPT = 500;

    private static final Pattern ATOM = Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+");

    private enum NotifyWhen {
        SUCCESS,
        FAILURE,
        DELAY
    }

    private DsnParameters() {}

    static String ret(String value) throws Refused {
        String ret = value.toUpperCase(Locale.ROOT);
        if (!"FULL".equals(ret) && !"HDRS".equals(ret)) {
            throw syntax("RET must be FULL or HDRS");
        }
        return ret;
    }

    static String envid(String value) throws Refused {
        if (value.isEmpty() || value.length() > LONGEST_ENVID) {
            throw syntax("ENVID must have 1 to " + LONGEST_ENVID + " characters");
        }
        if (!XText.isValid(value) || !isPrintable(XText.decode(value))) {
            throw syntax("ENVID must be xtext of printable characters: write + and = as +2B and +3D");
        }
        return value;
    }

    /** @param others parameters that plug-ins look after, in capitals */
    static DsnRequest ofRecipient(Map<String, String> parameters, Set<String> others) throws Refused {
        if (parameters.isEmpty()) {
            return DsnRequest.NONE;
        }
        String notifyWhen = "";
        String orcpt = "";
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            switch (parameter.getKey()) {
                case "NOTIFY":
                    notifyWhen = notifyWhen(parameter.getValue());
                    break;
                case "ORCPT":
                    orcpt = orcpt(parameter.getValue());
                    break;
                default:
                    if (!others.contains(parameter.getKey())) {
                        throw new Refused(555, "5.5.4", "Unknown RCPT parameter");
                    }
            }
        }
        return new DsnRequest("", "", notifyWhen, orcpt);
    }

    private static String notifyWhen(String value) throws Refused {
        String when = value.toUpperCase(Locale.ROOT);
        if ("NEVER".equals(when)) {
            return when;
        }
        EnumSet<NotifyWhen> all = EnumSet.noneOf(NotifyWhen.class);
        for (String word : when.split(",", -1)) {
            try {
                all.add(NotifyWhen.valueOf(word));
            } catch (IllegalArgumentException e) {
                throw syntax("NOTIFY must be NEVER alone, or a list of SUCCESS, FAILURE and DELAY");
            }
        }
        return all.stream().map(NotifyWhen::name).collect(Collectors.joining(","));
    }

    private static String orcpt(String value) throws Refused {
        int semicolon = value.indexOf(';');
        if (semicolon < 0 || !ATOM.matcher(value.substring(0, semicolon)).matches()) {
            throw syntax("ORCPT must be a type and an address, as in rfc822;bob@example.org");
        }
        if (value.length() > LONGEST_ORCPT) {
            throw syntax("ORCPT must have at most " + LONGEST_ORCPT + " characters");
        }
        String address = value.substring(semicolon + 1);
        if (address.isEmpty() || !XText.isValid(address)) {
            throw syntax("The address in ORCPT must be xtext: write + and = as +2B and +3D");
        }
        // RFC 6533 §3 gives other characters a type of their own.
        if (!value.regionMatches(true, 0, "utf-8;", 0, 6) && !isPrintable(XText.decode(address))) {
            throw syntax("The address in ORCPT must have printable ASCII characters only");
        }
        return value;
    }

    private static boolean isPrintable(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    private static Refused syntax(String text) {
        return new Refused(501, "5.5.4", text);
    }
}
