package com.example.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import javax.mail.MessagingException;
import org.apache.mailet.Mail;
import org.junit.jupiter.api.Test;

class AddFieldTest {
    private final AddField mailet = new AddField();

    @Test
    void addsTheField() throws Exception {
        mailet.init(TestMail.parameters(Map.of("name", "X-Department", "value", "Sales")));
        Mail mail = TestMail.mail("Subject: hello\r\n\r\ntext\r\n");

        mailet.service(mail);

        assertThat(mail.getMessage().getHeader("X-Department")).containsExactly("Sales");
        assertThat(mail.getState()).isEqualTo(Mail.DEFAULT);
    }

    @Test
    void refusesANameThatIsNone() {
        assertThatThrownBy(() -> mailet.init(TestMail.parameters(Map.of("name", "two words"))))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("two words");
    }
}
