package org.relais.testkit.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.relais.testkit.smtp.ScriptedSmtpServer.scriptedServer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

@Timeout(60)
class DnsServerTest {
    private final DnsServer dns = DnsServer.start();

    @AfterEach
    void stop() {
        dns.close();
    }

    private Message ask(String name, int type) throws IOException {
        return ask(name, type, Duration.ofSeconds(10));
    }

    private Message ask(String name, int type, Duration patience) throws IOException {
        var resolver = new SimpleResolver(new InetSocketAddress("127.0.0.1", dns.port()));
        resolver.setTimeout(patience);
        return resolver.send(Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN)));
    }

    @Test
    void answersFromItsZones() throws IOException {
        dns.zone("example.org").mx(10, "mx1").mx(20, "mx2.example.net.").a("mx1", "127.0.0.1");

        var answer = ask("example.org.", Type.MX).getSection(Section.ANSWER);

        assertThat(answer)
                .extracting(Record::rdataToString)
                .containsExactlyInAnyOrder("10 mx1.example.org.", "20 mx2.example.net.");
        assertThat(ask("MX1.example.ORG.", Type.A).getSection(Section.ANSWER)).hasSize(1);
        assertThat(dns.count("example.org", "MX")).isEqualTo(1);
    }

    @Test
    void whatIsInNoZoneDoesNotExistAndAnEmptyAnswerHasItsSoa() throws IOException {
        dns.zone("example.org").a("mx1", "127.0.0.1");

        assertThat(ask("example.net.", Type.MX).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(ask("no.example.org.", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        Message empty = ask("mx1.example.org.", Type.AAAA);
        assertThat(empty.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(empty.getSection(Section.AUTHORITY))
                .extracting(Record::getType)
                .containsExactly(Type.SOA);
    }

    @Test
    void aNameAboveAnotherExists() throws IOException {
        dns.zone("example.org").txt("a._domainkey", "v=DKIM1");

        assertThat(ask("_domainkey.example.org.", Type.TXT).getRcode()).isEqualTo(Rcode.NOERROR);
    }

    @Test
    void followsAliasesAcrossZones() throws IOException {
        dns.zone("example.org").cname("www", "host.example.net.");
        dns.zone("example.net").a("host", "127.0.0.9");

        assertThat(ask("www.example.org.", Type.A).getSection(Section.ANSWER))
                .extracting(Record::getType)
                .containsExactly(Type.CNAME, Type.A);
    }

    @Test
    void longTextComesInStringsAndByTcpWhereUdpIsTooSmall() throws IOException {
        String text = "k".repeat(3000);
        dns.zone("example.org").txt(text);

        TXTRecord record = (TXTRecord)
                ask("example.org.", Type.TXT).getSection(Section.ANSWER).get(0);

        assertThat(String.join("", record.getStrings())).isEqualTo(text);
        assertThat(record.getStrings()).allMatch(s -> s.length() <= 255);
        assertThat(dns.queries()).extracting(DnsQuery::overTcp).containsExactly(false, true);
    }

    @Test
    void truncatesFailsAndDropsForChosenNamesUntilHealed() throws IOException {
        dns.zone("example.org")
                .a("trunc", "127.0.0.1")
                .a("fail", "127.0.0.1")
                .a("gone", "127.0.0.1")
                .a("drop", "127.0.0.1");
        dns.truncatesUdp("trunc.example.org")
                .servfail("fail.example.org")
                .nxdomain("gone.example.org")
                .drops("drop.example.org");

        assertThat(ask("trunc.example.org.", Type.A).getHeader().getFlag(Flags.TC))
                .isFalse();
        assertThat(dns.queries()).extracting(DnsQuery::overTcp).containsExactly(false, true);
        assertThat(ask("fail.example.org.", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(ask("gone.example.org.", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThatThrownBy(() -> ask("drop.example.org.", Type.A, Duration.ofMillis(50)))
                .isInstanceOf(IOException.class);

        dns.heals("fail.example.org");

        assertThat(ask("fail.example.org.", Type.A).getRcode()).isEqualTo(Rcode.NOERROR);
    }

    @Test
    void aLateAnswerComes() throws IOException {
        dns.zone("example.org").a("slow", "127.0.0.1");
        dns.delays("slow.example.org", Duration.ofMillis(50));

        assertThat(ask("slow.example.org.", Type.A).getSection(Section.ANSWER)).hasSize(1);
    }

    @Test
    void aScriptedServerIsAnMxHost() throws IOException {
        try (var server = scriptedServer().listensOn("127.0.0.2", 0).start()) {
            dns.zone("example.org").mx(10, server);

            assertThat(ask("mx-1.example.org.", Type.A).getSection(Section.ANSWER))
                    .extracting(Record::rdataToString)
                    .containsExactly("127.0.0.2");
        }
    }
}
