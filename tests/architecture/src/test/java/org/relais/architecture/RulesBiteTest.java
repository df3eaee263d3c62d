package org.relais.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No rule is green for want of a subject: a class that breaks them all is caught by each. */
class RulesBiteTest {
    private static final JavaClasses OFFENDER = new ClassFileImporter().importPackages("org.relais.store.fixture");

    static Stream<ArchRule> rules() {
        return Stream.of(
                ArrowsTest.rule("store", Modules.SERVER.get("store")),
                FrameworksTest.JAMES_STOPS_AT_THE_ADAPTERS,
                FrameworksTest.JAVA_MAIL_STOPS_AT_THE_ADAPTERS,
                FrameworksTest.INJECTION_ANNOTATIONS_STOP_AT_THE_ADAPTERS,
                FrameworksTest.GUICE_STANDS_IN_THE_DISTRIBUTION_ALONE,
                FrameworksTest.NOTHING_IS_INJECTED_INTO_FIELDS,
                HabitsTest.TIME_COMES_FROM_AN_INJECTED_CLOCK,
                HabitsTest.EVEN_THE_DISTRIBUTION_ASKS_ITS_CLOCK,
                HabitsTest.ONLY_THE_COMMAND_LINE_WRITES_TO_THE_TERMINAL,
                HabitsTest.NOBODY_USES_JAVA_UTIL_LOGGING,
                HabitsTest.NOTHING_IS_SERIALISED_THE_JAVA_WAY,
                HabitsTest.EVERY_POOL_OF_THREADS_HAS_A_BOUND,
                HabitsTest.EVERY_PACKAGE_IS_NULL_MARKED);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void catchesTheOffender(ArchRule rule) {
        assertThat(rule.evaluate(OFFENDER).hasViolation()).isTrue();
    }

    @Test
    void theModuleOfAClassIsItsPackage() {
        JavaClass type = Modules.ALL.get("org.relais.model.QueueId");

        assertThat(Modules.of(type)).contains("model");
        assertThat(Modules.isServer(type)).isTrue();
        assertThat(Modules.ships(type)).isTrue();
        assertThat(Modules.isJamesAdapter(type)).isFalse();
    }

    @Test
    void whatIsNotOursHasNoModule() {
        assertThat(Modules.of(new ClassFileImporter().importClass(String.class)))
                .isEmpty();
    }

    @Test
    void theTestkitDoesNotShip() {
        assertThat(Modules.ALL.stream().filter(c -> c.getPackageName().startsWith("org.relais.testkit")))
                .isNotEmpty()
                .noneMatch(Modules::ships);
    }
}
