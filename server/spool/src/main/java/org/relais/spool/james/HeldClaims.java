package org.relais.spool.james;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.relais.spool.Claim;
import org.relais.spool.Spool;

/** The claims of one mail that is out, until they end once. Safe for use by many threads. */
final class HeldClaims {
    private final Spool spool;
    private final WeakReference<Object> owner;
    private List<Claim> claims;
    private boolean isEnded;

    /** @param owner whoever ends them; if nobody knows it any more, nobody will */
    HeldClaims(Spool spool, List<Claim> claims, Object owner) {
        this.spool = spool;
        this.claims = List.copyOf(claims);
        this.owner = new WeakReference<>(owner);
    }

    /** The claims as they are now, to be ended by the caller; empty if they were ended before. */
    synchronized Optional<List<Claim>> end() {
        if (isEnded) {
            return Optional.empty();
        }
        isEnded = true;
        return Optional.of(claims);
    }

    boolean isForgotten() {
        return owner.refersTo(null);
    }

    /** Whether all of them still last. */
    synchronized boolean renew() {
        if (isEnded) {
            return true;
        }
        List<Claim> renewed = new ArrayList<>(claims.size());
        for (Claim claim : claims) {
            spool.renew(claim, ClaimKeeper.LEASE).ifPresent(renewed::add);
        }
        boolean isWhole = renewed.size() == claims.size();
        if (isWhole) {
            claims = List.copyOf(renewed);
        }
        return isWhole;
    }

    /** Gives the mail back as it was, unless they were ended before. */
    void release() {
        end().ifPresent(all -> all.forEach(spool::release));
    }
}
