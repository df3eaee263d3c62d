package org.relais.matchers;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.Mail;
import org.junit.jupiter.api.Test;

class RelayPermittedTest {
    private final RelayPermitted matcher = new RelayPermitted();

    @Test
    void matchesTheMailOfASessionThatMayRelay() throws Exception {
        Mail mail = mail();
        mail.setAttribute(Attribute.convertToAttribute("relais.mayRelay", true));

        assertThat(matcher.match(mail)).containsExactly(new MailAddress("bob@example.net"));
    }

    @Test
    void matchesWhatAMailetSent() throws Exception {
        Mail mail = mail();
        mail.setAttribute(Attribute.convertToAttribute("relais.mayRelay", false));
        mail.setAttribute(Mail.SENT_BY_MAILET_ATTRIBUTE);

        assertThat(matcher.match(mail)).hasSize(1);
    }

    @Test
    void doesNotMatchTheMailOfAnySession() throws Exception {
        Mail mail = mail();
        mail.setAttribute(Attribute.convertToAttribute("relais.mayRelay", false));

        assertThat(matcher.match(mail)).isEmpty();
    }

    @Test
    void doesNotMatchAMailWithoutAMarkOrWithOneOfAnotherType() throws Exception {
        Mail marked = mail();
        marked.setAttribute(Attribute.convertToAttribute("relais.mayRelay", "true"));

        assertThat(matcher.match(mail())).isEmpty();
        assertThat(matcher.match(marked)).isEmpty();
    }

    private static Mail mail() throws Exception {
        return MailImpl.builder()
                .name("1")
                .sender("alice@example.org")
                .addRecipient("bob@example.net")
                .build();
    }
}
