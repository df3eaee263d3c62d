package org.relais.dns;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What a server's response says to a question. */
sealed interface Reading {
    /** How many aliases lead to a name at most, in all responses of a look-up together. */
    int MAX_ALIASES = 8;

    record Done(Answer answer) implements Reading {}

    /** The response ends at an alias whose target it does not tell: it is to be asked for. */
    record Alias(Name target, Duration ttl) implements Reading {}

    /** This server does not help; another may. */
    record Useless(String why) implements Reading {}

    /** @param seen the names of this look-up so far; what the response adds is added */
    static Reading of(Message response, Question question, Set<Name> seen) {
        int rcode = response.getRcode();
        if (rcode == Rcode.NXDOMAIN) {
            // RFC 6604 §3: it speaks of the last name of a chain of aliases, which is the one that was asked about.
            return new Done(Answer.noDomain(negativeTtl(response).orElse(0L)));
        }
        if (rcode != Rcode.NOERROR) {
            return new Useless(Rcode.string(rcode));
        }
        if (response.getHeader().getFlag(Flags.TC)) {
            return new Useless("a truncated answer over TCP");
        }
        return chain(response, question, seen);
    }

    private static Reading chain(Message response, Question question, Set<Name> seen) {
        List<Record> section = response.getSection(Section.ANSWER);
        Name name = question.dnsName();
        long ttl = Long.MAX_VALUE;
        while (true) {
            List<Record> found = at(section, name, question.type());
            if (!found.isEmpty()) {
                return new Done(Answer.found(found, Math.min(ttl, leastTtl(found))));
            }
            List<Record> aliases = at(section, name, Type.CNAME);
            if (aliases.isEmpty()) {
                break;
            }
            seen.add(name);
            name = ((CNAMERecord) aliases.get(0)).getTarget();
            ttl = Math.min(ttl, leastTtl(aliases));
            if (seen.contains(name)) {
                return new Done(Answer.failed("the CNAMEs of " + question.name() + " go in circles"));
            }
            if (seen.size() > MAX_ALIASES) {
                return new Done(Answer.failed(question.name() + " has more than " + MAX_ALIASES + " CNAMEs in a row"));
            }
        }
        Optional<Long> negative = negativeTtl(response);
        if (negative.isPresent()) {
            return new Done(Answer.noData(Math.min(ttl, negative.get())));
        }
        if (!name.equals(question.dnsName())) {
            return new Alias(name, Duration.ofSeconds(ttl));
        }
        // RFC 2308 §2.2: name servers without an SOA are a referral, which does not say that there is nothing.
        boolean isReferral = response.getSection(Section.AUTHORITY).stream().anyMatch(r -> r.getType() == Type.NS)
                && !response.getHeader().getFlag(Flags.AA);
        return isReferral ? new Useless("a referral instead of an answer") : new Done(Answer.noData(0));
    }

    private static List<Record> at(List<Record> section, Name name, int type) {
        Set<Record> records = new HashSet<>();
        List<Record> found = new ArrayList<>();
        for (Record record : section) {
            if (record.getType() == type
                    && record.getDClass() == DClass.IN
                    && record.getName().equals(name)
                    && records.add(record)) {
                found.add(record);
            }
        }
        return found;
    }

    private static long leastTtl(List<Record> records) {
        return records.stream().mapToLong(Record::getTTL).min().orElse(0);
    }

    /** RFC 2308 §5: the lesser of the SOA's own TTL and its minimum; empty without an SOA. */
    private static Optional<Long> negativeTtl(Message response) {
        return response.getSection(Section.AUTHORITY).stream()
                .filter(SOARecord.class::isInstance)
                .map(soa -> Math.min(soa.getTTL(), ((SOARecord) soa).getMinimum()))
                .findFirst();
    }
}
