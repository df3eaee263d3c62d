package org.relais.crash;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.relais.crash.CrashMails.Copy;

/**
 * A bounce as the sender's sink sees it (RFC 3464).
 *
 * @param messageId tells one bounce from another
 * @param failed the copies that it says have failed
 */
record CrashDsn(String messageId, List<Copy> failed) {
    private static final Pattern MESSAGE_ID = Pattern.compile("(?im)^Message-ID: *(<[^>]*>)\r?$");
    private static final Pattern STATUS_PART = Pattern.compile("(?im)^Content-Type: *message/delivery-status");
    private static final Pattern GROUP =
            Pattern.compile("(?im)^Final-Recipient: *rfc822; *(\\S+)\r\nAction: *failed\r\nStatus: *5\\.1\\.1\r\n");

    CrashDsn {
        failed = List.copyOf(failed);
    }

    /** Empty where it names no failed recipient, or one that this run never had. */
    static Optional<CrashDsn> of(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        Matcher id = MESSAGE_ID.matcher(text);
        Matcher part = STATUS_PART.matcher(text);
        if (!id.find() || !part.find()) {
            return Optional.empty();
        }
        List<Copy> failed = new ArrayList<>();
        Matcher group = GROUP.matcher(text);
        for (int from = part.end(); group.find(from); from = group.end()) {
            Optional<Copy> copy = CrashMails.copyOf(group.group(1));
            if (copy.isEmpty()) {
                return Optional.empty();
            }
            failed.add(copy.get());
        }
        return failed.isEmpty() ? Optional.empty() : Optional.of(new CrashDsn(id.group(1), failed));
    }
}
