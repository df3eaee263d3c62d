package org.relais.configuration.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "512, 512", "1024, 1K", "64k, 64K", "25M, 25M", "1G, 1G", "1536, 1536", "1048577, 1048577"})
    void sizesAreReadAndWritten(String text, String written) {
        assertThat(ByteSize.parse(text).orElseThrow()).hasToString(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "M", "-1", "25MB", "1.5M", "9999999999999"})
    void whatIsNoSizeIsNotTaken(String text) {
        assertThat(ByteSize.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.0, 16, 10.1.255.255, true",
        "10.1.0.0, 16, 10.2.0.0, false",
        "10.128.0.0, 9, 10.255.0.1, true",
        "192.0.2.7, 32, 192.0.2.7, true",
        "0.0.0.0, 0, 198.51.100.1, true",
        "0.0.0.0, 0, 2001:db8::1, false",
        "2001:db8::, 32, 2001:db8:ffff::1, true",
        "2001:db8::, 32, 2001:db9::1, false",
    })
    void aNetworkHoldsItsAddresses(String address, int prefix, String client, boolean isInside) {
        var network = new Network(IpAddresses.parse(address).orElseThrow(), prefix);

        assertThat(network.contains(IpAddresses.parse(client).orElseThrow())).isEqualTo(isInside);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2.3", "1.2.3.256", "example.org", "1::2::3", "", "[1.2.3.4]", "fe80::1%eth0"})
    void aLiteralIsNeverLookedUp(String text) {
        assertThat(IpAddresses.parse(text)).isEmpty();
    }

    @Test
    void credentialsAreTwoLinesAndNeverPrinted(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("credentials"), "relay\r\npass word\r\n");
        var wrong = Files.writeString(folder.resolve("wrong"), "relay secret\n");

        var credentials = Credentials.read(file);

        assertThat(credentials).isEqualTo(new Credentials("relay", "pass word"));
        assertThat(credentials.toString()).doesNotContain("pass");
        assertThatThrownBy(() -> Credentials.read(wrong))
                .isInstanceOf(IOException.class)
                .message()
                .doesNotContain("secret");
    }
}
