package org.relais.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which module may lean on which: the table of {@link Modules} is the law. */
class ArrowsTest {
    private static final Set<String> TEST_MODULES = Set.of("testkit", "architecture");

    static final ArchRule PACKAGES_ARE_FREE_OF_CYCLES =
            slices().matching("org.relais.(**)").should().beFreeOfCycles();

    static final ArchRule NOBODY_LEANS_ON_THE_DISTRIBUTION_BUT_THE_TESTKIT = noClasses()
            .that()
            .resideOutsideOfPackages("org.relais.distribution..", "org.relais.testkit..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.relais.distribution..");

    static final ArchRule THE_MODEL_LEANS_ON_NOTHING = classes()
            .that()
            .resideInAPackage("org.relais.model..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.relais.model..", "org.jspecify..", "org.slf4j..");

    static final ArchRule THE_EXTENSION_API_LEANS_ON_NOTHING = classes()
            .that()
            .resideInAPackage("org.relais.extension..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.relais.extension..", "org.jspecify..");

    static List<Map.Entry<String, Set<String>>> arrows() {
        List<Map.Entry<String, Set<String>>> all = new ArrayList<>(Modules.SERVER.entrySet());
        all.addAll(Modules.ADAPTERS.entrySet());
        return all;
    }

    @ParameterizedTest
    @MethodSource("arrows")
    void leansOnlyOnItsNeighbours(Map.Entry<String, Set<String>> arrow) {
        rule(arrow.getKey(), arrow.getValue()).check(Modules.ALL);
    }

    static ArchRule rule(String module, Set<String> neighbours) {
        return classes()
                .that(describe(
                        "stand in " + module, (JavaClass c) -> Modules.of(c).equals(Optional.of(module))))
                .should(leanOnlyOn(module, neighbours))
                .allowEmptyShould(true); // theImportSeesTheModules tells which modules must have classes
    }

    private static ArchCondition<JavaClass> leanOnlyOn(String module, Set<String> allowed) {
        return new ArchCondition<>("lean only on " + new TreeSet<>(allowed)) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    Modules.of(dependency.getTargetClass())
                            .filter(target -> !target.equals(module) && !allowed.contains(target))
                            .ifPresent(target ->
                                    events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription())));
                }
            }
        };
    }

    @Test
    void everyModuleIsInTheTable() {
        Set<String> found = Modules.ALL.stream()
                .map(Modules::of)
                .flatMap(Optional::stream)
                .collect(Collectors.toCollection(TreeSet::new));
        found.removeAll(TEST_MODULES);

        Set<String> known = new TreeSet<>(Modules.SERVER.keySet());
        known.addAll(Modules.ADAPTERS.keySet());
        known.add(Modules.DISTRIBUTION);
        assertThat(known).containsAll(found);
    }

    @Test
    void theImportSeesTheModules() {
        assertThat(Modules.ALL.stream().map(Modules::of).flatMap(Optional::stream))
                .contains(
                        "model",
                        "extension",
                        "configuration",
                        "spool",
                        "chain",
                        "store",
                        "access",
                        "journal",
                        "administration",
                        "mailets",
                        "matchers",
                        "distribution");
    }

    @Test
    void packagesAreFreeOfCycles() {
        PACKAGES_ARE_FREE_OF_CYCLES.check(Modules.ALL);
    }

    @Test
    void nobodyLeansOnTheDistributionButTheTestkit() {
        NOBODY_LEANS_ON_THE_DISTRIBUTION_BUT_THE_TESTKIT.check(Modules.ALL);
    }

    @Test
    void theModelLeansOnNothing() {
        THE_MODEL_LEANS_ON_NOTHING.check(Modules.ALL);
    }

    @Test
    void theExtensionApiLeansOnNothing() {
        THE_EXTENSION_API_LEANS_ON_NOTHING.check(Modules.ALL);
    }
}
