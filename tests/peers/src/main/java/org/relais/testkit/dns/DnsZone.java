package org.relais.testkit.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.relais.testkit.smtp.ScriptedSmtpServer;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;

/**
 * The records of one zone, written in the test. A name without final dot is below the zone; {@code @} is the zone itself; a
 * name with a final dot stands as it is. May be changed while the server runs, from any thread.
 */
public final class DnsZone {
    private static final int TXT_STRING = 255;

    private final Name origin;
    private final List<Record> records = new ArrayList<>();
    private long ttl = 300;
    private long soaMinimum = 60;
    private int generated;

    DnsZone(String origin) {
        this.origin = name(origin.endsWith(".") ? origin : origin + ".", null);
    }

    /** Seconds for the records that are added from now on. */
    public synchronized DnsZone ttl(long seconds) {
        ttl = seconds;
        return this;
    }

    /** Seconds for which it may be remembered that a name or a record is not there (RFC 2308). */
    public synchronized DnsZone soaMinimum(long seconds) {
        soaMinimum = seconds;
        return this;
    }

    /** An MX record of the zone itself. */
    public DnsZone mx(int preference, String host) {
        return mx("@", preference, host);
    }

    public synchronized DnsZone mx(String owner, int preference, String host) {
        return record(new MXRecord(name(owner), DClass.IN, ttl, preference, name(host)));
    }

    /** An MX host whose address is that of a scripted server; the port is not DNS's business. */
    public synchronized DnsZone mx(int preference, ScriptedSmtpServer server) {
        String host = "mx-" + ++generated;
        return mx(preference, host).a(host, server.address().getAddress().getHostAddress());
    }

    /** RFC 7505: this domain takes no mail. */
    public DnsZone nullMx() {
        return mx("@", 0, ".");
    }

    public synchronized DnsZone a(String owner, String address) {
        return record(new ARecord(name(owner), DClass.IN, ttl, address(address)));
    }

    public synchronized DnsZone aaaa(String owner, String address) {
        return record(new AAAARecord(name(owner), DClass.IN, ttl, address(address)));
    }

    public synchronized DnsZone cname(String owner, String target) {
        return record(new CNAMERecord(name(owner), DClass.IN, ttl, name(target)));
    }

    public synchronized DnsZone ptr(String owner, String target) {
        return record(new PTRRecord(name(owner), DClass.IN, ttl, name(target)));
    }

    /** A TXT record of the zone itself. */
    public DnsZone txt(String text) {
        return txt("@", text);
    }

    /** A TXT record, in strings of 255 octets where the text is longer. */
    public synchronized DnsZone txt(String owner, String text) {
        List<String> strings = new ArrayList<>();
        for (int from = 0; from == 0 || from < text.length(); from += TXT_STRING) {
            strings.add(text.substring(from, Math.min(text.length(), from + TXT_STRING)));
        }
        return record(new TXTRecord(name(owner), DClass.IN, ttl, strings));
    }

    /** Any other record, with an absolute owner. */
    public synchronized DnsZone record(Record record) {
        records.add(record);
        return this;
    }

    public synchronized DnsZone remove(String owner) {
        Name gone = name(owner);
        records.removeIf(r -> r.getName().equals(gone));
        return this;
    }

    Name origin() {
        return origin;
    }

    synchronized List<Record> at(Name owner) {
        if (owner.equals(origin)) {
            List<Record> apex = new ArrayList<>(
                    records.stream().filter(r -> r.getName().equals(owner)).toList());
            apex.add(soa());
            apex.add(new NSRecord(origin, DClass.IN, ttl, name("ns")));
            return apex;
        }
        return records.stream().filter(r -> r.getName().equals(owner)).toList();
    }

    /** Whether a name exists, if only because another stands below it (RFC 8020). */
    synchronized boolean exists(Name owner) {
        return owner.equals(origin)
                || records.stream()
                        .anyMatch(r -> r.getName().equals(owner) || r.getName().subdomain(owner));
    }

    synchronized SOARecord soa() {
        return new SOARecord(
                origin, DClass.IN, soaMinimum, name("ns"), name("hostmaster"), 1, 3600, 600, 86_400, soaMinimum);
    }

    private Name name(String text) {
        return text.equals("@") ? origin : name(text, origin);
    }

    private static Name name(String text, @Nullable Name below) {
        try {
            return Name.fromString(text, below);
        } catch (TextParseException e) {
            throw new IllegalArgumentException("not a domain name: " + text, e);
        }
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address: " + text, e);
        }
    }
}
