package org.relais.mailets.octets;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.base.test.FakeMailContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A mail goes through each of James's mailets: the octets that the mailet does not mean to touch stay as they were. Those
 * that deliver, keep or send on are tested with what they do that to, over the spool.
 */
class UntouchedOctetsTest {
    private static final String STANDARD = "org.apache.james.transport.mailets.";
    private static final String DKIM = "org.apache.james.jdkim.mailets.";
    private static final List<String> OF_BODY =
            List.of("Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "MIME-Version");

    /** What a mailet means to touch. */
    private record Touch(boolean isBodyMeant, List<String> fields) {
        static Touch nothing() {
            return new Touch(false, List.of());
        }

        static Touch fields(String... names) {
            return new Touch(false, List.of(names));
        }

        static Touch body(String... names) {
            List<String> all = new ArrayList<>(OF_BODY);
            all.addAll(Arrays.asList(names));
            return new Touch(true, all);
        }
    }

    static Stream<Arguments> mailets() throws Exception {
        return Stream.of(
                        row(Touch.nothing(), "ToProcessor", "processor", "other"),
                        row(Touch.nothing(), "Null"),
                        row(Touch.nothing(), "org.relais.mailets.rewriting.Forward", "forwardTo", "eve@example.org"),
                        row(Touch.nothing(), "Redirect", "recipients", "eve@example.org"),
                        row(Touch.nothing(), "Resend", "recipients", "eve@example.org"),
                        row(Touch.nothing(), "WithStorageDirective", "targetFolderName", "Other"),
                        row(Touch.nothing(), "WithPriority", "priority", "7"),
                        row(Touch.nothing(), "org.relais.mailets.delivery.DSNBounce"),
                        row(Touch.nothing(), "Bounce"),
                        row(Touch.nothing(), "NotifyPostmaster"),
                        row(Touch.nothing(), "NotifySender"),
                        row(Touch.nothing(), "SetErrorMessage", "errorMessage", "why"),
                        row(Touch.fields("X-Bounce"), "ClassifyBounce", "headerName", "X-Bounce"),
                        row(Touch.nothing(), "ServerTime"),
                        row(Touch.nothing(), "PostmasterAlias"),
                        row(Touch.nothing(), "RecipientToLowerCase"),
                        row(Touch.nothing(), "UseHeaderRecipients"),
                        row(Touch.nothing(), "AddDeliveredToHeader"),
                        row(Touch.fields("Subject"), "AddSubjectPrefix", "subjectPrefix", "[list]"),
                        row(
                                Touch.fields(
                                        "X-Habeas-SWE-1",
                                        "X-Habeas-SWE-2",
                                        "X-Habeas-SWE-3",
                                        "X-Habeas-SWE-4",
                                        "X-Habeas-SWE-5",
                                        "X-Habeas-SWE-6",
                                        "X-Habeas-SWE-7",
                                        "X-Habeas-SWE-8",
                                        "X-Habeas-SWE-9"),
                                "AddHabeasWarrantMark"),
                        row(Touch.fields("X-New"), "SetMimeHeader", "name", "X-New", "value", "yes"),
                        row(Touch.fields("X-Remove"), "RemoveMimeHeader", "name", "X-Remove"),
                        row(Touch.fields("X-Remove"), "RemoveMimeHeaderByPrefix", "prefix", "X-Rem"),
                        row(Touch.fields("Expires"), "Expires", "defaultAge", "7 days"),
                        row(Touch.fields("X-Text"), "MailAttributesToMimeHeaders", "simplemapping", "text;X-Text"),
                        row(
                                Touch.fields("X-Texts"),
                                "MailAttributesListToMimeHeaders",
                                "simplemapping",
                                "texts;X-Texts"),
                        row(Touch.body(), "AddFooter", "text", "footer"),
                        row(Touch.body(), "ReplaceContent", "bodyPattern", "/8bit/new/i/"),
                        row(Touch.body(), "OnlyText"),
                        row(Touch.nothing(), "ToPlainText"),
                        row(Touch.body(), "WrapText"),
                        row(Touch.body(), "UnwrapText"),
                        row(Touch.nothing(), "StripAttachment", "pattern", ".*", "attribute", "parts"),
                        row(
                                Touch.body(),
                                "StripAttachment",
                                "mimeType",
                                "application/octet-stream",
                                "remove",
                                "matched"),
                        row(Touch.nothing(), "RecoverAttachment", "attribute", "parts"),
                        row(Touch.nothing(), "MimeDecodingMailet", "attribute", "parts"),
                        row(Touch.nothing(), "SetMailAttribute", "name", "value"),
                        row(Touch.nothing(), "RemoveMailAttribute", "name", "text"),
                        row(Touch.nothing(), "RemoveAllMailAttributes"),
                        row(Touch.nothing(), "ContactExtractor", "attribute", "contacts"),
                        row(Touch.nothing(), "MetricsMailet", "metricName", "mails"),
                        row(Touch.nothing(), "LogMessage"),
                        row(
                                Touch.fields("X-headerToHTTP", "X-headerToHTTPFailure"),
                                "HeadersToHTTP",
                                "url",
                                "http://127.0.0.1:1/",
                                "parameterKey",
                                "k",
                                "parameterValue",
                                "v"),
                        row(
                                Touch.fields("X-toHTTP", "X-toHTTPFailure"),
                                "SerialiseToHTTP",
                                "url",
                                "http://127.0.0.1:1/",
                                "parameterKey",
                                "k",
                                "parameterValue",
                                "v"),
                        row(Touch.nothing(), "debug.Identity"),
                        row(Touch.nothing(), "debug.Counter"),
                        row(Touch.nothing(), "debug.DumpSystemErr"),
                        row(Touch.body("X-MIME-Autoconverted"), DKIM + "ConvertTo7Bit"),
                        row(
                                Touch.fields("DKIM-Signature"),
                                DKIM + "DKIMSign",
                                "signatureTemplate",
                                "v=1; s=s; d=example.org; h=from:to:subject; a=rsa-sha256; bh=; b=;",
                                "privateKey",
                                privateKey()),
                        row(Touch.nothing(), DKIM + "DKIMVerify"),
                        row(Touch.nothing(), "SPF", "addHeader", "true"))
                .flatMap(row -> Arrays.stream(NastyMail.values())
                        .map(mail -> Arguments.of(row.get()[0], row.get()[1], row.get()[2], mail)));
    }

    private static Arguments row(Touch touch, String mailet, String... parameters) {
        String className = mailet.startsWith("org.") ? mailet : STANDARD + mailet;
        return Arguments.of(className, List.of(parameters), touch);
    }

    @ParameterizedTest(name = "{0} {1} {3}")
    @MethodSource("mailets")
    void leavesTheOtherOctetsAlone(String className, List<String> parameters, Touch touch, NastyMail nasty)
            throws Exception {
        FakeMailContext context = context();
        MailImpl mail = nasty.mail();

        Mailets.init(className, parameters, context).service(mail);

        String octets = NastyMail.octets(mail.getMessage());
        if (touch.fields().isEmpty()) {
            assertThat(octets).isEqualTo(nasty.octets());
        }
        assertThat(NastyMail.fieldsWithout(octets, touch.fields()))
                .isEqualTo(NastyMail.fieldsWithout(nasty.octets(), touch.fields()));
        if (!touch.isBodyMeant()) {
            assertThat(NastyMail.bodyOf(octets)).isEqualTo(nasty.body());
        }
    }

    /** Ours of Forward is tested over the spool. */
    static Stream<Arguments> senders() {
        return Stream.of("Resend", "Redirect")
                .flatMap(
                        mailet -> Arrays.stream(NastyMail.values()).map(mail -> Arguments.of(STANDARD + mailet, mail)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("senders")
    void sendsTheOctetsOnAsTheyCame(String className, NastyMail nasty) throws Exception {
        List<String> sent = new ArrayList<>();
        List<String> parameters = List.of("recipients", "eve@example.org", "inline", "unaltered");

        Mailets.init(
                        className,
                        parameters,
                        Mailets.capturing(context(), mail -> sent.add(NastyMail.octets(mail.getMessage()))))
                .service(nasty.mail());

        assertThat(sent).hasSize(1);
        assertThat(NastyMail.bodyOf(sent.get(0))).isEqualTo(nasty.body());
        assertThat(NastyMail.fieldsWithout(sent.get(0), List.of()))
                .containsAll(
                        NastyMail.fieldsWithout(nasty.octets(), List.of("Date", "Message-ID", "MIME-Version", "To")));
    }

    private static FakeMailContext context() throws Exception {
        return FakeMailContext.builder()
                .postmaster(new MailAddress("postmaster@example.org"))
                .build();
    }

    private static String privateKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key) + "\n-----END PRIVATE KEY-----\n";
    }
}
