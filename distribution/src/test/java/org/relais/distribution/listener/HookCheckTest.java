package org.relais.distribution.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.james.protocols.api.handler.LineHandler;
import org.apache.james.protocols.smtp.SMTPSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relais.configuration.Finding;
import org.relais.configuration.hook.HookCheck;

/** The check of hooks against James's own classes and some that are none. */
class HookCheckTest {
    @TempDir
    Path conf;

    private List<Finding> check(String className) throws IOException {
        Files.writeString(
                conf.resolve("relais.xml"),
                "<relais>\n<listeners>\n<listener protocol=\"smtp\">\n<hook class=\"" + className
                        + "\"/>\n</listener>\n</listeners>\n</relais>\n");
        return new HookCheck(HookCheckTest.class.getClassLoader()).check(conf);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DNSRBLHandler",
                "ValidRcptHandler",
                "ValidSenderDomainHandler",
                "MaxRcptHandler",
                "SPFHandler",
                "SetMimeHeaderHandler",
                "org.apache.james.smtpserver.SenderAuthIdentifyVerificationHook"
            })
    void knowsJamesHooksByShortAndFullName(String name) throws IOException {
        assertThat(check(name)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "com.example.Missing | no class com.example.Missing | full",
                "MaxRcptHandlr | no class MaxRcptHandlr | did you mean MaxRcptHandler?",
                "java.lang.String | java.lang.String is not a hook | SMTP hooks",
                "RcptCmdHandler | is not a hook | the commands themselves are Relais's own",
                "org.apache.james.protocols.smtp.hook.RcptHook | abstract | name a class",
                "JDBCGreylistHandler | not part of Relais | JDBC",
                "DSNEhloHook | not part of Relais | DSN",
                "DataLineJamesMessageHookHandler | is a DataLineFilter, which is not supported: Relais reads content as"
                        + " bytes | use a MessageHook or a mailet"
            })
    void tellsWhatIsNoneWithItsLineAndARemedy(String name, String message, String remedy) throws IOException {
        assertThat(check(name)).singleElement().satisfies(finding -> {
            assertThat(finding.isError()).isTrue();
            assertThat(finding.line()).isEqualTo(4);
            assertThat(finding.message()).contains(message);
            assertThat(finding.remedy()).contains(remedy);
        });
    }

    /** Handles lines without being a filter of content. */
    public abstract static class Lines implements LineHandler<SMTPSession> {}

    @Test
    void refusesEveryLineHandler() throws IOException {
        assertThat(check(Lines.class.getName()))
                .singleElement()
                .satisfies(
                        finding -> assertThat(finding.message()).contains("is a LineHandler, which is not supported"));
    }
}
