package org.relais.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.concurrent.Executors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Habits of the house that a machine can watch: time, streams, serialisation, threads, null marks. */
class HabitsTest {
    private static final DescribedPredicate<JavaClass> SHIPS = describe("ship", Modules::ships);

    /** The command line speaks to a person; the distribution's Main starts it. */
    private static final DescribedPredicate<JavaClass> SPEAKS = describe(
            "speak to a person at a terminal",
            c -> c.getPackageName().startsWith("org.relais.administration.command")
                    || c.getPackageName().startsWith("org.relais.administration.selftest")
                    || c.getName().matches("org\\.relais\\.distribution\\.Main(\\$.*)?"));

    /** Who makes the one clock that all others get. */
    private static final DescribedPredicate<JavaClass> GIVES_THE_CLOCK =
            describe("give the clock", c -> c.getPackageName().startsWith("org.relais.distribution") || SPEAKS.test(c));

    static final ArchRule TIME_COMES_FROM_AN_INJECTED_CLOCK = noClasses()
            .that(SHIPS)
            .and(DescribedPredicate.not(GIVES_THE_CLOCK))
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDate.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(OffsetDateTime.class, "now")
            .orShould()
            .callMethod(ZonedDateTime.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(Clock.class, "systemDefaultZone")
            .orShould()
            .callConstructor(Date.class);

    static final ArchRule EVEN_THE_DISTRIBUTION_ASKS_ITS_CLOCK = noClasses()
            .that(SHIPS)
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    static final ArchRule ONLY_THE_COMMAND_LINE_WRITES_TO_THE_TERMINAL =
            noClasses().that(SHIPS).and(DescribedPredicate.not(SPEAKS)).should(ACCESS_STANDARD_STREAMS);

    static final ArchRule NOBODY_USES_JAVA_UTIL_LOGGING =
            noClasses().that(SHIPS).should(USE_JAVA_UTIL_LOGGING);

    static final ArchRule NOTHING_IS_SERIALISED_THE_JAVA_WAY = noClasses()
            .that(SHIPS)
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(ObjectInputStream.class, ObjectOutputStream.class)
            .orShould(declareSerializable());

    static final ArchRule EVERY_POOL_OF_THREADS_HAS_A_BOUND = noClasses()
            .that(SHIPS)
            .should()
            .callMethod(Executors.class, "newCachedThreadPool")
            .orShould()
            .callMethod(Executors.class, "newCachedThreadPool", java.util.concurrent.ThreadFactory.class);

    static final ArchRule EVERY_PACKAGE_IS_NULL_MARKED = classes()
            .that(SHIPS)
            .should(new ArchCondition<>("stand in a package that is @NullMarked") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                    events.add(new SimpleConditionEvent(
                            type, marked, type.getPackageName() + " is not @NullMarked: " + type.getName()));
                }
            });

    @Test
    void timeComesFromAnInjectedClock() {
        TIME_COMES_FROM_AN_INJECTED_CLOCK.check(Modules.ALL);
    }

    @Test
    void evenTheDistributionAsksItsClock() {
        EVEN_THE_DISTRIBUTION_ASKS_ITS_CLOCK.check(Modules.ALL);
    }

    @Test
    void onlyTheCommandLineWritesToTheTerminal() {
        ONLY_THE_COMMAND_LINE_WRITES_TO_THE_TERMINAL.check(Modules.ALL);
    }

    @Test
    void nobodyUsesJavaUtilLogging() {
        NOBODY_USES_JAVA_UTIL_LOGGING.check(Modules.ALL);
    }

    @Test
    void nothingIsSerialisedTheJavaWay() {
        NOTHING_IS_SERIALISED_THE_JAVA_WAY.check(Modules.ALL);
    }

    private static ArchCondition<JavaClass> declareSerializable() {
        return new ArchCondition<>("declare Serializable") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean declares = type.getRawInterfaces().stream().anyMatch(i -> i.isEquivalentTo(Serializable.class));
                events.add(new SimpleConditionEvent(type, declares, type.getName() + " declares Serializable"));
            }
        };
    }

    @Test
    void everyPoolOfThreadsHasABound() {
        EVERY_POOL_OF_THREADS_HAS_A_BOUND.check(Modules.ALL);
    }

    @Test
    void everyPackageIsNullMarked() {
        EVERY_PACKAGE_IS_NULL_MARKED.check(Modules.ALL);
    }
}
