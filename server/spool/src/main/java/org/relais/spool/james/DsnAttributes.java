package org.relais.spool.james;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.mail.internet.AddressException;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.relais.model.XText;
import org.relais.spool.mail.DsnRequest;
import org.relais.spool.mail.MailState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link DsnRequest} of envelopes as the attributes that James's {@code Mail.dsnParameters()} reads, and back. James
 * knows an ORCPT only as a mail address; how the client wrote it stands in an attribute of ours beside.
 */
public final class DsnAttributes {
    private static final Logger LOGGER = LoggerFactory.getLogger(DsnAttributes.class);
    private static final String ENVID = "dsn-envid";
    private static final String RET = "dsn-ret";
    private static final String NOTIFY = "dsn-notify";
    private static final String ORCPT = "dsn-orcpt";
    private static final String ORCPT_AS_GIVEN = "relais.dsn-orcpt";
    private static final Set<String> NAMES = Set.of(ENVID, RET, NOTIFY, ORCPT, ORCPT_AS_GIVEN);
    private static final Pattern WHEN = Pattern.compile("NEVER|(SUCCESS|FAILURE|DELAY)(,(SUCCESS|FAILURE|DELAY)){0,2}");
    private static final String RFC822 = "rfc822;";
    private static final int MOST_OTHERS = 100;

    private final DsnRequest ofMail;
    private final Map<MailAddress, String> notifyWhen;
    private final Map<MailAddress, String> orcpt;

    private DsnAttributes(DsnRequest ofMail, Map<MailAddress, String> notifyWhen, Map<MailAddress, String> orcpt) {
        this.ofMail = ofMail;
        this.notifyWhen = notifyWhen;
        this.orcpt = orcpt;
    }

    /** @param requests by forward-path; RET and ENVID of any of them count for all */
    public static void show(Mail mail, Map<String, DsnRequest> requests) {
        if (requests.values().stream().allMatch(DsnRequest::isEmpty)) {
            return;
        }
        DsnRequest any = requests.values().iterator().next();
        if (!any.ret().isEmpty()) {
            mail.setAttribute(new Attribute(AttributeName.of(RET), AttributeValue.of(any.ret())));
        }
        if (!any.envid().isEmpty()) {
            mail.setAttribute(new Attribute(AttributeName.of(ENVID), AttributeValue.of(any.envid())));
        }
        Map<String, AttributeValue<?>> notify = new LinkedHashMap<>();
        Map<String, AttributeValue<?>> addresses = new LinkedHashMap<>();
        Map<String, AttributeValue<?>> asGiven = new LinkedHashMap<>();
        requests.forEach((path, request) -> {
            if (!request.notifyWhen().isEmpty()) {
                notify.put(path, AttributeValue.of(request.notifyWhen()));
            }
            if (!request.orcpt().isEmpty()) {
                asGiven.put(path, AttributeValue.of(request.orcpt()));
                address(request.orcpt())
                        .ifPresent(address -> addresses.put(path, AttributeValue.of(address.asString())));
            }
        });
        set(mail, NOTIFY, notify);
        set(mail, ORCPT, addresses);
        set(mail, ORCPT_AS_GIVEN, asGiven);
    }

    private static void set(Mail mail, String name, Map<String, AttributeValue<?>> values) {
        if (!values.isEmpty()) {
            Map<String, AttributeValue<?>> all = new LinkedHashMap<>();
            texts(mail, name).forEach((address, text) -> all.put(address.asString(), AttributeValue.of(text)));
            all.putAll(values);
            mail.setAttribute(new Attribute(AttributeName.of(name), AttributeValue.of(all)));
        }
    }

    /** What the mail has now, whoever set it. What does not follow RFC 3461 is left out. */
    public static DsnAttributes of(Mail mail) {
        DsnRequest ofMail = new DsnRequest(
                text(mail, RET)
                        .filter(ret -> ret.equals("FULL") || ret.equals("HDRS"))
                        .orElse(""),
                text(mail, ENVID).filter(XText::isValid).orElse(""),
                "",
                "");
        Map<MailAddress, String> notifyWhen = texts(mail, NOTIFY);
        notifyWhen.values().removeIf(when -> !WHEN.matcher(when).matches());
        Map<MailAddress, String> asGiven = texts(mail, ORCPT_AS_GIVEN);
        Map<MailAddress, String> orcpt = new HashMap<>();
        asGiven.forEach((recipient, given) -> {
            // James cannot show it: nobody has changed it.
            if (address(given).isEmpty()) {
                orcpt.put(recipient, given);
            }
        });
        texts(mail, ORCPT).forEach((recipient, shown) -> orcpt.put(recipient, written(shown, asGiven.values())));
        return new DsnAttributes(ofMail, notifyWhen, orcpt);
    }

    public DsnRequest ofMail() {
        return ofMail;
    }

    public DsnRequest of(MailAddress recipient) {
        if (notifyWhen.isEmpty() && orcpt.isEmpty()) {
            return ofMail;
        }
        return ofMail.forRecipient(notifyWhen.getOrDefault(recipient, ""), orcpt.getOrDefault(recipient, ""));
    }

    /** The others. */
    static Map<String, String> without(Map<String, String> attributes) {
        if (NAMES.stream().noneMatch(attributes::containsKey)) {
            return attributes;
        }
        Map<String, String> others = new TreeMap<>(attributes);
        others.keySet().removeAll(NAMES);
        return others;
    }

    /** With what the mail says of addresses that are no recipients of it, as plug-ins may; not of more than a few. */
    static MailState withOthers(Mail mail, MailState state) {
        Map<String, String> attributes = new TreeMap<>(state.attributes());
        for (String name : List.of(NOTIFY, ORCPT)) {
            Map<String, AttributeValue<?>> others = new LinkedHashMap<>();
            texts(mail, name).forEach((address, text) -> {
                if (!mail.getRecipients().contains(address)) {
                    others.put(address.asString(), AttributeValue.of(text));
                }
            });
            if (!others.isEmpty() && others.size() <= MOST_OTHERS) {
                AttributeValue.of(others).toJson().ifPresent(json -> attributes.put(name, json.toString()));
            }
        }
        return attributes.size() == state.attributes().size() ? state : state.withAttributes(attributes);
    }

    private static String written(String address, Collection<String> asGiven) {
        return asGiven.stream()
                .filter(given -> address(given)
                        .filter(it -> it.asString().equals(address))
                        .isPresent())
                .findFirst()
                .orElseGet(() -> RFC822 + XText.encode(address));
    }

    private static Optional<MailAddress> address(String orcpt) {
        if (!orcpt.regionMatches(true, 0, RFC822, 0, RFC822.length())) {
            return Optional.empty();
        }
        String text = orcpt.substring(RFC822.length());
        try {
            return XText.isValid(text) ? Optional.of(new MailAddress(XText.decode(text))) : Optional.empty();
        } catch (AddressException notOne) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(Mail mail, String name) {
        return mail.getAttribute(AttributeName.of(name))
                .map(attribute -> attribute.getValue().value())
                .filter(String.class::isInstance)
                .map(String.class::cast);
    }

    private static Map<MailAddress, String> texts(Mail mail, String name) {
        Map<MailAddress, String> texts = new HashMap<>();
        Object value = mail.getAttribute(AttributeName.of(name))
                .<Object>map(attribute -> attribute.getValue().value())
                .orElse(Map.of());
        if (!(value instanceof Map<?, ?> map)) {
            return texts;
        }
        map.forEach((path, text) -> {
            try {
                if (path instanceof String address
                        && text instanceof AttributeValue<?> wrapped
                        && wrapped.value() instanceof String plain) {
                    texts.put(new MailAddress(address), plain);
                }
            } catch (AddressException e) {
                LOGGER.warn("{}: the attribute {} names {}, which is no address; dropped", mail.getName(), name, path);
            }
        });
        return texts;
    }
}
