package org.relais.spool.james;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mail's attributes in James's JSON form. What has none is dropped, but for {@link Mail#MAILET_ERROR}, which becomes
 * its text; so is, with a warning, what exceeds {@value #MOST_BYTES} bytes together, the longest first.
 */
final class MailAttributes {
    private static final Logger LOGGER = LoggerFactory.getLogger(MailAttributes.class);
    /** Half of what the state of an envelope may hold; a prefix and the recipients are the rest. */
    private static final int MOST_BYTES = 128 * 1024;

    private MailAttributes() {}

    static Map<String, String> toJson(Mail mail) {
        Map<String, String> all = new TreeMap<>();
        mail.attributes()
                .forEach(attribute -> json(attribute)
                        .ifPresent(json -> all.put(attribute.getName().asString(), json)));
        limit(all, mail.getName());
        return all;
    }

    private static Optional<String> json(Attribute attribute) {
        if (attribute.getName().equals(Mail.MAILET_ERROR)
                && attribute.getValue().value() instanceof Throwable error) {
            return AttributeValue.of(error.toString()).toJson().map(Object::toString);
        }
        return attribute.getValue().toJson().map(Object::toString);
    }

    private static void limit(Map<String, String> all, String mail) {
        int left = 0;
        for (Map.Entry<String, String> attribute : all.entrySet()) {
            left += length(attribute);
        }
        if (left <= MOST_BYTES) {
            return;
        }
        List<Map.Entry<String, String>> longestFirst = new ArrayList<>(all.entrySet());
        longestFirst.sort(Comparator.comparingInt(MailAttributes::length).reversed());
        for (Map.Entry<String, String> longest : longestFirst) {
            if (left <= MOST_BYTES) {
                return;
            }
            left -= length(longest);
            all.remove(longest.getKey());
            LOGGER.warn(
                    "the attribute {} of mail {} is dropped: with {} bytes it is too long for the spool",
                    longest.getKey(),
                    mail,
                    length(longest));
        }
    }

    private static int length(Map.Entry<String, String> attribute) {
        return attribute.getKey().getBytes(UTF_8).length + attribute.getValue().getBytes(UTF_8).length;
    }

    /** One that cannot be read any more, because its class is gone, is dropped with a warning: the mail goes on. */
    static List<Attribute> fromJson(Map<String, String> all, String mail) {
        List<Attribute> attributes = new ArrayList<>(all.size());
        all.forEach((name, json) -> {
            try {
                attributes.add(new Attribute(AttributeName.of(name), AttributeValue.fromJsonString(json)));
            } catch (IOException | RuntimeException e) {
                LOGGER.warn("the attribute {} of mail {} cannot be read and is dropped", name, mail, e);
            }
        });
        return attributes;
    }
}
