package org.relais.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** Where the types of James, Guice and JavaMail may stand. */
class FrameworksTest {
    private static final DescribedPredicate<JavaClass> PURE = describe(
            "belong to server/ and stand in no package named james",
            c -> Modules.isServer(c) && !Modules.isJamesAdapter(c));

    static final ArchRule JAMES_STOPS_AT_THE_ADAPTERS = noClasses()
            .that(PURE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.james..", "org.apache.mailet..");

    static final ArchRule JAVA_MAIL_STOPS_AT_THE_ADAPTERS =
            noClasses().that(PURE).should().dependOnClassesThat().resideInAnyPackage("javax.mail..", "com.sun.mail..");

    static final ArchRule INJECTION_ANNOTATIONS_STOP_AT_THE_ADAPTERS = noClasses()
            .that(PURE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javax.inject..", "jakarta.inject..");

    static final ArchRule GUICE_STANDS_IN_THE_DISTRIBUTION_ALONE = noClasses()
            .that()
            .resideOutsideOfPackage("org.relais.distribution..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.google.inject..");

    static final ArchRule NOTHING_IS_INJECTED_INTO_FIELDS = noFields()
            .that()
            .areDeclaredInClassesThat(describe("ship", Modules::ships))
            .should()
            .beAnnotatedWith("javax.inject.Inject")
            .orShould()
            .beAnnotatedWith("com.google.inject.Inject");

    static final ArchRule THE_TESTKIT_KNOWS_NO_JAMES = noClasses()
            .that()
            .resideInAPackage("org.relais.testkit..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.james..", "org.apache.mailet..", "com.google.inject..", "io.netty..");

    @Test
    void jamesStopsAtTheAdapters() {
        JAMES_STOPS_AT_THE_ADAPTERS.check(Modules.ALL);
    }

    @Test
    void javaMailStopsAtTheAdapters() {
        JAVA_MAIL_STOPS_AT_THE_ADAPTERS.check(Modules.ALL);
    }

    @Test
    void injectionAnnotationsStopAtTheAdapters() {
        INJECTION_ANNOTATIONS_STOP_AT_THE_ADAPTERS.check(Modules.ALL);
    }

    @Test
    void guiceStandsInTheDistributionAlone() {
        GUICE_STANDS_IN_THE_DISTRIBUTION_ALONE.check(Modules.ALL);
    }

    @Test
    void nothingIsInjectedIntoFields() {
        NOTHING_IS_INJECTED_INTO_FIELDS.check(Modules.ALL);
    }

    @Test
    void theTestkitKnowsNoJames() {
        THE_TESTKIT_KNOWS_NO_JAMES.check(Modules.ALL);
    }
}
