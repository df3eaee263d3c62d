package org.relais.store.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PasswordsTest {
    private final Passwords passwords = new Passwords(10);

    @Test
    void knowsTheRightPasswordAgainAndAgain() {
        Optional<String> record = Optional.of(passwords.newRecord("s3cret"));

        assertThat(passwords.isRight(record, "s3cret")).isTrue();
        assertThat(passwords.isRight(record, "s3cret")).isTrue();
        assertThat(passwords.isRight(record, "s3cre")).isFalse();
    }

    @Test
    void forgetsASuccessWhenThePasswordIsChanged() {
        assertThat(passwords.isRight(Optional.of(passwords.newRecord("old")), "old"))
                .isTrue();

        assertThat(passwords.isRight(Optional.of(passwords.newRecord("new")), "old"))
                .isFalse();
    }

    @Test
    void findsNoPasswordRightForAnUnknownUser() {
        assertThat(passwords.isRight(Optional.empty(), "")).isFalse();
        assertThat(passwords.isRight(Optional.empty(), "?")).isFalse();
    }

    @Test
    void givesEachRecordASaltOfItsOwn() {
        assertThat(passwords.newRecord("same")).isNotEqualTo(passwords.newRecord("same"));
    }

    @Test
    void refusesARecordOfAnUnknownScheme() {
        assertThatThrownBy(() -> PasswordRecord.matches("md5$1$a$b", "x")).hasMessageContaining("pbkdf2-sha512");
    }
}
