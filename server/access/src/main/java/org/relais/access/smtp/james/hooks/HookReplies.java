package org.relais.access.smtp.james.hooks;

import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.HookReturnCode;
import org.apache.james.protocols.smtp.hook.HookReturnCode.Action;
import org.jspecify.annotations.Nullable;
import org.relais.access.smtp.HookVerdict;
import org.relais.access.smtp.Reply;
import org.relais.model.EnhancedStatus;

/**
 * From what James's hooks answer to what the session replies. A hook that gives no reply code, or one that refuses
 * nothing, gets James's defaults: 554 for DENY, 451 for DENYSOFT.
 */
final class HookReplies {
    /** RFC 5321 §4.5.3.1.5 bounds a reply line to 512 octets. */
    private static final int MOST_TEXT = 450;

    private static final Reply DENIED = Reply.of(554, "5.7.1", "Email rejected");
    private static final Reply SOFTLY = Reply.of(451, "4.7.1", "Temporary problem, please try again later");
    private static final Reply LOGIN_DENIED = Reply.of(535, "5.7.8", "Authentication failed");
    private static final Reply LOGIN_SOFTLY = Reply.of(454, "4.7.0", "Temporary authentication failure");
    private static final Reply CLOSING = Reply.of(554, "5.7.1", "Closing connection");

    private HookReplies() {}

    /** Whether the hook decided, so that those behind it are not asked. */
    static boolean decides(HookResult result) {
        Action action = result.getResult().getAction();
        return action == Action.OK
                || action == Action.DENY
                || action == Action.DENYSOFT
                || result.getResult().isDisconnected();
    }

    static HookVerdict verdict(HookResult result) {
        return verdict(result, DENIED, SOFTLY);
    }

    /** Of AUTH: RFC 4954 §6. */
    static HookVerdict login(HookResult result) {
        return verdict(result, LOGIN_DENIED, LOGIN_SOFTLY);
    }

    private static HookVerdict verdict(HookResult result, Reply denied, Reply softly) {
        HookReturnCode code = result.getResult();
        return switch (code.getAction()) {
            case OK -> new HookVerdict(null, code.isDisconnected());
            case DENY -> new HookVerdict(refusal(result, denied), code.isDisconnected());
            case DENYSOFT -> new HookVerdict(refusal(result, softly), code.isDisconnected());
            case DECLINED, NONE ->
                code.isDisconnected() ? new HookVerdict(refusal(result, CLOSING), true) : HookVerdict.PASSED;
        };
    }

    /** A connect handler's answer; one that does not refuse leaves the greeting to the session. */
    static HookVerdict verdict(@Nullable Response response) {
        if (response == null) {
            return HookVerdict.PASSED;
        }
        int code = code(response.getRetCode(), 0);
        if (code == 0 && !response.isEndSession()) {
            return HookVerdict.PASSED;
        }
        String text = response.getLines().stream().map(CharSequence::toString).collect(Collectors.joining(" "));
        // James's writes the reply code into the first line.
        String bare = text.startsWith(response.getRetCode())
                ? text.substring(response.getRetCode().length())
                : text;
        return new HookVerdict(code == 0 ? CLOSING : reply(code, code < 500 ? "4.7.1" : "5.7.1", bare), true);
    }

    private static Reply refusal(HookResult result, Reply usual) {
        int code = code(result.getSmtpRetCode(), usual.code());
        String description = result.getSmtpDescription();
        String status =
                code / 100 == usual.code() / 100 ? String.valueOf(usual.status()) : code < 500 ? "4.7.1" : "5.7.1";
        return reply(code, status, description == null ? usual.lines().get(0) : description);
    }

    private static int code(@Nullable String text, int otherwise) {
        return text != null && text.matches("[45][0-9]{2}") ? Integer.parseInt(text) : otherwise;
    }

    /** @param status unless the text begins with one of the code's class */
    private static Reply reply(int code, String status, String text) {
        String shown = printable(text);
        Optional<EnhancedStatus> own = EnhancedStatus.atStartOf(shown);
        if (own.isPresent()) {
            shown = shown.substring(own.get().toString().length()).strip();
        }
        String fitting = own.filter(written -> written.statusClass() == code / 100)
                .map(EnhancedStatus::toString)
                .orElse(status);
        return Reply.of(code, fitting, shown.isEmpty() ? "Refused" : shown);
    }

    private static String printable(String text) {
        StringBuilder shown = new StringBuilder(Math.min(text.length(), MOST_TEXT));
        for (int i = 0; i < text.length() && shown.length() < MOST_TEXT; i++) {
            char c = text.charAt(i);
            shown.append(c < ' ' ? ' ' : c > '~' ? '?' : c);
        }
        return shown.toString().strip();
    }
}
