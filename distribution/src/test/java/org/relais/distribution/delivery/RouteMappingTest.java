package org.relais.distribution.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.configuration.home.Home;
import org.relais.configuration.home.HomeCreator;
import org.relais.configuration.home.HomeOptions;
import org.relais.configuration.relaisxml.RelaisXml;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.smtpclient.Credentials;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.TlsPolicy;

class RouteMappingTest {
    @TempDir
    Path folder;

    private Home home;

    @BeforeEach
    void makeHome() throws Exception {
        home = new HomeCreator(InstantSource.system(), new SecureRandom())
                .create(folder.resolve("home"), HomeOptions.standard());
        var file = home.conf().resolve("credentials");
        Files.writeString(file, "relay\nsecret\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private RelaisSettings settings(String xml) throws IOException {
        Files.writeString(home.relaisXml(), "<relais>" + xml + "</relais>");
        var result = new RelaisXml(InstantSource.system()).check(home.conf());
        return result.settings().orElseThrow(() -> new AssertionError(result.findings()));
    }

    @Test
    void aRouteSpeaksAsItIsWritten() throws Exception {
        var table = RouteMapping.routes(settings("""
                <routes>
                  <route to="example.org" via="smtps://smart.example.net smtps://[2001:db8::1]:4650" shuffle="yes"
                         credentials="credentials" tls="verified" convert="yes" helo="out.example.com" source="192.0.2.9"/>
                  <route from="&lt;>" via="lmtp://10.0.0.1" tls="none"/>
                  <route to="lab.example" via="mx:2525" tls="required"/>
                </routes>"""));

        var first = table.routeOf("a@example.com", "b@example.org");
        assertThat(first.name()).isEqualTo("the route in line 2");
        assertThat(first.via()).hasToString("[smart.example.net:465, [2001:db8:0:0:0:0:0:1]:4650]");
        assertThat(first.shufflesVia()).isTrue();
        assertThat(first.protocol()).isEqualTo(Protocol.SMTP);
        assertThat(first.tls()).isEqualTo(new TlsPolicy(TlsPolicy.Level.VERIFIED, true, "the route in line 2"));
        assertThat(first.credentials()).contains(new Credentials("relay", "secret"));
        assertThat(first.heloName()).isEqualTo("out.example.com");
        assertThat(first.source()).contains(InetAddress.getByName("192.0.2.9"));
        assertThat(first.converts()).isTrue();
        var second = table.routeOf("", "b@example.com");
        assertThat(second.converts()).isFalse();
        assertThat(second.protocol()).isEqualTo(Protocol.LMTP);
        assertThat(second.via()).hasToString("[10.0.0.1:24]");
        assertThat(second.tls().level()).isEqualTo(TlsPolicy.Level.NONE);
        assertThat(second.heloName()).isEqualTo("localhost");
        var third = table.routeOf("a@example.com", "b@lab.example");
        assertThat(third.via()).isEmpty();
        assertThat(third.port()).isEqualTo(2525);
        assertThat(third.tls().isMandatory()).isTrue();
        assertThat(table.routeOf("a@example.com", "b@example.com").name()).isEqualTo("MX");
    }

    @Test
    void credentialsThatWentAwayAreNamedWithTheirRouteButNotTold() throws Exception {
        var settings = settings(
                "<routes><route via=\"smtp://a.example\" tls=\"required\" credentials=\"credentials\"/></routes>");
        Files.writeString(home.conf().resolve("credentials"), "secret");

        assertThatThrownBy(() -> RouteMapping.routes(settings))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("conf/credentials of the route in line 1")
                .hasMessageNotContaining("secret");
    }

    @Test
    void weAreWhereWeTakeMail() throws Exception {
        var settings = settings("""
                <hostname>localhost</hostname>
                <listeners>
                  <listener protocol="smtp" address="127.0.0.1" port="2525"/>
                  <listener protocol="submission" address="0.0.0.0" port="2587"/>
                  <listener protocol="imap" address="127.0.0.1" port="2143"/>
                </listeners>""");
        var address = InetAddress.getByName("192.0.2.1");

        var self = RouteMapping.self(settings, List.of(address));

        assertThat(self.isAt(InetAddress.getByName("127.0.0.1"), 2525)).isTrue();
        assertThat(self.isAt(address, 2587)).isTrue();
        assertThat(self.isAt(InetAddress.getByName("127.0.0.5"), 2587)).isTrue();
        assertThat(self.isAt(address, 2525)).isFalse();
        assertThat(self.isAt(InetAddress.getByName("127.0.0.1"), 2143)).isFalse();
        assertThat(self.isNamed("LocalHost")).isTrue();
        assertThat(self.isOnLoopbackOnly()).isFalse();
        assertThat(RouteMapping.self(settings("<log/>")).isOnLoopbackOnly()).isTrue();
    }

    @Test
    void dnsServersAreThoseOfTheFile() throws Exception {
        assertThat(RouteMapping.dns(settings("<dns><server>127.0.0.1:5353</server></dns>"))
                        .servers())
                .hasToString("[/127.0.0.1:5353]");
        assertThat(RouteMapping.dns(settings("<dns/>")).servers()).isEmpty();
    }
}
