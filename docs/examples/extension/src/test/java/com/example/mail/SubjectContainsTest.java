package com.example.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import javax.mail.MessagingException;
import org.junit.jupiter.api.Test;

class SubjectContainsTest {
    private final SubjectContains matcher = new SubjectContains();

    @Test
    void matchesAllRecipientsWhenTheTextIsInTheSubject() throws Exception {
        matcher.init(TestMail.condition("invoice"));

        assertThat(matcher.match(TestMail.mail("Subject: Your INVOICE 4711\r\n\r\ntext\r\n")))
                .hasSize(2);
    }

    @Test
    void matchesNobodyOtherwise() throws Exception {
        matcher.init(TestMail.condition("invoice"));

        assertThat(matcher.match(TestMail.mail("Subject: hello\r\n\r\ninvoice\r\n")))
                .isEmpty();
        assertThat(matcher.match(TestMail.mail("To: bob@example.org\r\n\r\ninvoice\r\n")))
                .isEmpty();
    }

    @Test
    void asksForACondition() {
        assertThatThrownBy(() -> matcher.init(TestMail.condition(null)))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("SubjectContains=text");
    }
}
