package org.relais.distribution.chain;

import java.util.List;
import javax.inject.Inject;
import org.apache.james.dnsservice.api.TemporaryResolutionException;
import org.apache.james.jdkim.api.PublicKeyRecordRetriever;
import org.apache.james.jdkim.exceptions.PermFailException;
import org.apache.james.jdkim.exceptions.TempFailException;
import org.relais.distribution.foundation.ConfiguredDns;

/** DKIM's public keys (RFC 6376 §3.6.2) from the DNS servers of relais.xml. Safe for use by many threads. */
public final class DkimKeyRecords implements PublicKeyRecordRetriever {
    private final ConfiguredDns dns;

    @Inject
    public DkimKeyRecords(ConfiguredDns dns) {
        this.dns = dns;
    }

    @Override
    public List<String> getRecords(CharSequence methodAndOption, CharSequence selector, CharSequence domain)
            throws TempFailException, PermFailException {
        if (!"dns/txt".contentEquals(methodAndOption)) {
            throw new PermFailException("keys are looked up by dns/txt only, not by " + methodAndOption);
        }
        String name = selector + "._domainkey." + domain;
        try {
            return dns.text(name);
        } catch (TemporaryResolutionException e) {
            throw new TempFailException("no answer for " + name + ": " + e.getMessage());
        }
    }
}
