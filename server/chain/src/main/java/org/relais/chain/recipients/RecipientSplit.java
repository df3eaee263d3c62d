package org.relais.chain.recipients;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A matcher's answer: which of a mail's recipients matched, and which did not.
 *
 * <p>Every recipient stands in exactly one of the two lists, in the mail's order. What a matcher returns beyond the
 * mail's recipients is left out: a matcher chooses, it does not address.
 */
public record RecipientSplit<A>(List<A> matched, List<A> rest) {
    public RecipientSplit {
        matched = List.copyOf(matched);
        rest = List.copyOf(rest);
    }

    /** {@code answer} as James's matchers give it: null and empty both say that nobody matched. */
    public static <A> RecipientSplit<A> of(Collection<A> recipients, @Nullable Collection<? extends A> answer) {
        if (answer == null || answer.isEmpty()) {
            return new RecipientSplit<>(List.of(), List.copyOf(recipients));
        }
        Set<A> chosen = new HashSet<>(answer);
        List<A> matched = new ArrayList<>();
        List<A> rest = new ArrayList<>();
        for (A recipient : recipients) {
            (chosen.contains(recipient) ? matched : rest).add(recipient);
        }
        return new RecipientSplit<>(matched, rest);
    }

    public boolean isNone() {
        return matched.isEmpty();
    }

    public boolean isAll() {
        return rest.isEmpty();
    }
}
