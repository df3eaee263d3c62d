package com.example.mail;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetConfig;
import org.apache.mailet.MailetContext;
import org.apache.mailet.MatcherConfig;

/** Mails and configurations as the relay would hand them over. */
final class TestMail {
    private TestMail() {}

    static Mail mail(String content) throws MessagingException {
        return MailImpl.builder()
                .name("test")
                .sender("alice@example.org")
                .addRecipients("bob@example.org", "carol@example.org")
                .mimeMessage(
                        new MimeMessage(null, new ByteArrayInputStream(content.getBytes(StandardCharsets.US_ASCII))))
                .build();
    }

    static MailetConfig parameters(Map<String, String> parameters) {
        return new MailetConfig() {
            @Override
            public String getInitParameter(String name) {
                return parameters.get(name);
            }

            @Override
            public Iterator<String> getInitParameterNames() {
                return parameters.keySet().iterator();
            }

            @Override
            public MailetContext getMailetContext() {
                throw new UnsupportedOperationException("this mailet needs no context");
            }

            @Override
            public String getMailetName() {
                return "test";
            }
        };
    }

    static MatcherConfig condition(String condition) {
        return new MatcherConfig() {
            @Override
            public String getCondition() {
                return condition;
            }

            @Override
            public MailetContext getMailetContext() {
                throw new UnsupportedOperationException("this matcher needs no context");
            }

            @Override
            public String getMatcherName() {
                return "test";
            }
        };
    }
}
