package org.relais.chain.james;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.mail.internet.AddressException;
import org.apache.james.core.MailAddress;
import org.relais.spool.Claim;
import org.relais.spool.EnvelopeId;

/**
 * The envelopes of one mail, found by the recipients that they stand for. A recipient can have several:
 * a client may name it twice. Belongs to one thread.
 */
public final class RecipientClaims {
    private final Map<MailAddress, List<Claim>> byRecipient = new LinkedHashMap<>();

    public static RecipientClaims of(Collection<Claim> claims) throws AddressException {
        RecipientClaims made = new RecipientClaims();
        for (Claim claim : claims) {
            made.add(new MailAddress(claim.envelope().details().forwardPath()), claim);
        }
        return made;
    }

    private void add(MailAddress recipient, Claim claim) {
        byRecipient.computeIfAbsent(recipient, any -> new ArrayList<>(1)).add(claim);
    }

    public List<MailAddress> recipients() {
        return List.copyOf(byRecipient.keySet());
    }

    public List<Claim> all() {
        return byRecipient.values().stream().flatMap(List::stream).toList();
    }

    public List<Claim> of(MailAddress recipient) {
        return byRecipient.getOrDefault(recipient, List.of());
    }

    boolean isEmpty() {
        return byRecipient.isEmpty();
    }

    /** The envelope that gives the mail its name. */
    EnvelopeId first() {
        return all().stream().map(Claim::id).min(EnvelopeId::compareTo).orElseThrow();
    }

    /** Moves those of {@code recipients} into a set of their own. */
    RecipientClaims take(Collection<MailAddress> recipients) {
        RecipientClaims taken = new RecipientClaims();
        for (MailAddress recipient : recipients) {
            List<Claim> claims = byRecipient.remove(recipient);
            if (claims != null) {
                taken.byRecipient.put(recipient, claims);
            }
        }
        return taken;
    }

    /** What is left after a commit: the claims that it kept, as it left them. */
    void keepOnly(Collection<Claim> kept) {
        Map<EnvelopeId, Claim> byId = kept.stream().collect(Collectors.toMap(Claim::id, claim -> claim));
        for (List<Claim> claims : byRecipient.values()) {
            claims.removeIf(claim -> !byId.containsKey(claim.id()));
            claims.replaceAll(claim -> byId.getOrDefault(claim.id(), claim));
        }
        byRecipient.values().removeIf(List::isEmpty);
    }
}
