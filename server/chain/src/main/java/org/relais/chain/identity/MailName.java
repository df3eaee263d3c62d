package org.relais.chain.identity;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.relais.model.QueueId;
import org.relais.model.QueueIdGenerator;

/**
 * The name of a mail inside the relay: the queue id it was accepted under and, for a part of it that travels alone, a
 * suffix of its own.
 *
 * <p>Names differ, because queues and repositories find a mail by its name; the queue id stays, because people do.
 */
public final class MailName {
    private static final Pattern PART = Pattern.compile("(.+)\\.[0-9B-Zb]{13}");
    private static final Pattern NOT_IN_A_QUEUE_ID = Pattern.compile("[^A-Za-z0-9._-]");
    private static final int LONGEST_QUEUE_ID = 128;

    private MailName() {}

    /** The queue id under which {@code name}'s mail was accepted; a foreign name is made to fit. */
    public static QueueId queueId(String name) {
        String fitting = NOT_IN_A_QUEUE_ID.matcher(whole(name)).replaceAll("_");
        return new QueueId(fitting.substring(0, Math.min(fitting.length(), LONGEST_QUEUE_ID)));
    }

    /** A name that no other mail has, under the same queue id. */
    public static String ofPart(String name, QueueIdGenerator ids) {
        return whole(name) + "." + ids.next().value();
    }

    private static String whole(String name) {
        Matcher matcher = PART.matcher(name);
        return matcher.matches() ? matcher.group(1) : name;
    }
}
