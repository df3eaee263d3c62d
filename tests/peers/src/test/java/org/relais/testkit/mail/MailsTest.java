package org.relais.testkit.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MailsTest {

    @Test
    void theSameSeedMakesTheSameMails() {
        assertThat(Mails.seeded(7).withAttachment(1000).content())
                .isEqualTo(Mails.seeded(7).withAttachment(1000).content());
        assertThat(Mails.seeded(7).withAttachment(1000).content())
                .isNotEqualTo(Mails.seeded(8).withAttachment(1000).content());
    }

    @Test
    void whatGoesOverSmtpHasLinesOfAtMost998OctetsThatEndWithCrlf() {
        List<OddMail> mails = Mails.seeded(1).overSmtp();

        assertThat(mails).allSatisfy(mail -> {
            assertThat(mail.endsWithLineEnd()).isTrue();
            assertThat(longestLine(mail.content())).isLessThanOrEqualTo(Mails.LONGEST_LINE);
            assertThat(bareLineEnds(mail.content())).isZero();
        });
        assertThat(mails).anySatisfy(m -> assertThat(m.size()).isGreaterThan(20 * 1024 * 1024));
        assertThat(mails.stream().filter(OddMail::eightBit)).hasSize(2);
    }

    @Test
    void someLastLineHas998Octets() {
        String[] lines = Mails.seeded(1).lastLineOf998().text().split("\r\n");

        assertThat(lines[lines.length - 1]).hasSize(998);
    }

    @Test
    void whatIsBeyondSmtpHasNulOrNoLastLineEnd() {
        assertThat(Mails.seeded(1).beyondSmtp())
                .allMatch(m -> !m.endsWithLineEnd() || m.text().indexOf('\0') >= 0);
    }

    @Test
    void namesAndMessageIdsAreUnique() {
        Mails mails = Mails.seeded(1);
        List<OddMail> all = new ArrayList<>(Stream.concat(mails.overSmtp().stream(), mails.beyondSmtp().stream())
                .toList());

        assertThat(all).extracting(OddMail::name).doesNotHaveDuplicates();
        assertThat(all)
                .extracting(m ->
                        m.text().lines().filter(l -> l.startsWith("Message-Id")).findFirst())
                .doesNotHaveDuplicates();
    }

    @Test
    void aMailOfAGivenSizeIsNear() {
        assertThat(Mails.seeded(1).ofSize(8192).size()).isBetween(8192, 8292);
    }

    private static int longestLine(byte[] content) {
        int longest = 0;
        int length = 0;
        for (byte octet : content) {
            length = octet == '\n' ? 0 : length + 1;
            longest = Math.max(longest, octet == '\r' ? length - 1 : length);
        }
        return longest;
    }

    private static int bareLineEnds(byte[] content) {
        int bare = 0;
        for (int i = 0; i < content.length; i++) {
            boolean afterCr = i > 0 && content[i - 1] == '\r';
            boolean beforeLf = i + 1 < content.length && content[i + 1] == '\n';
            if ((content[i] == '\n' && !afterCr) || (content[i] == '\r' && !beforeLf)) {
                bare++;
            }
        }
        return bare;
    }
}
