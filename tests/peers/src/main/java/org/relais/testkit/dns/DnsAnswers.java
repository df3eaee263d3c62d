package org.relais.testkit.dns;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Answers questions from zones, as a resolver would: CNAMEs followed, NXDOMAIN and empty answers with SOA. Pure. */
final class DnsAnswers {
    private static final int MAX_CHAIN = 8;
    private static final int EDNS_PAYLOAD = 4096;

    private DnsAnswers() {}

    static Message answer(Message query, Collection<DnsZone> zones) {
        Message response = empty(query);
        Record question = query.getQuestion();
        List<Record> found = new ArrayList<>();
        Name name = question.getName();
        for (int hop = 0; hop < MAX_CHAIN; hop++) {
            Name wanted = name;
            Optional<DnsZone> zone = zones.stream()
                    .filter(z -> wanted.subdomain(z.origin()))
                    .max((a, b) ->
                            Integer.compare(a.origin().labels(), b.origin().labels()));
            if (zone.isEmpty() || !zone.get().exists(name)) {
                response.getHeader().setRcode(Rcode.NXDOMAIN);
                zone.ifPresent(z -> response.addRecord(z.soa(), Section.AUTHORITY));
                break;
            }
            List<Record> here = zone.get().at(name);
            List<Record> match = here.stream()
                    .filter(r -> r.getType() == question.getType() || question.getType() == Type.ANY)
                    .toList();
            Optional<CNAMERecord> alias = here.stream()
                    .filter(CNAMERecord.class::isInstance)
                    .map(CNAMERecord.class::cast)
                    .findFirst();
            if (match.isEmpty() && alias.isPresent()) {
                found.add(alias.get());
                name = alias.get().getTarget();
                continue;
            }
            found.addAll(match);
            if (match.isEmpty()) {
                response.addRecord(zone.get().soa(), Section.AUTHORITY);
            }
            break;
        }
        found.forEach(r -> response.addRecord(r, Section.ANSWER));
        return response;
    }

    static Message failure(Message query, int rcode) {
        Message response = empty(query);
        response.getHeader().setRcode(rcode);
        return response;
    }

    static Message truncated(Message query) {
        Message response = empty(query);
        response.getHeader().setFlag(Flags.TC);
        return response;
    }

    /** Octets that the client takes over UDP. */
    static int udpSize(Message query) {
        OPTRecord edns = query.getOPT();
        return edns == null ? 512 : Math.max(512, Math.min(EDNS_PAYLOAD, edns.getPayloadSize()));
    }

    private static Message empty(Message query) {
        Message response = new Message(query.getHeader().getID());
        response.getHeader().setFlag(Flags.QR);
        response.getHeader().setFlag(Flags.AA);
        response.getHeader().setFlag(Flags.RA);
        if (query.getHeader().getFlag(Flags.RD)) {
            response.getHeader().setFlag(Flags.RD);
        }
        response.addRecord(query.getQuestion(), Section.QUESTION);
        if (query.getOPT() != null) {
            response.addRecord(new OPTRecord(EDNS_PAYLOAD, 0, 0), Section.ADDITIONAL);
        }
        return response;
    }
}
