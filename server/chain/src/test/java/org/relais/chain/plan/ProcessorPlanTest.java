package org.relais.chain.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorPlanTest {
    private final ProcessorPlan plan = new ProcessorPlan("root", List.of(step("A"), step("B"), step("C")));

    @Test
    void fingerprintsUpToAStepOnly() {
        ProcessorPlan changedBehind = new ProcessorPlan("root", List.of(step("A"), step("B"), step("X"), step("Y")));

        assertThat(changedBehind.fingerprint(1)).isEqualTo(plan.fingerprint(1));
        assertThat(changedBehind.fingerprint(2)).isNotEqualTo(plan.fingerprint(2));
    }

    @Test
    void seesAStepPutInFront() {
        ProcessorPlan longer = new ProcessorPlan("root", List.of(step("X"), step("A"), step("B"), step("C")));

        assertThat(longer.fingerprint(1)).isNotEqualTo(plan.fingerprint(1));
    }

    @Test
    void readsWhatShallHappenOnAnException() {
        assertThat(OnException.ofMailet(null)).isEqualTo(new OnException.Defer());
        assertThat(OnException.ofMailet("propagate")).isEqualTo(new OnException.Defer());
        assertThat(OnException.ofMailet(" Ignore ")).isEqualTo(new OnException.Ignore());
        assertThat(OnException.ofMailet("error")).isEqualTo(new OnException.ToProcessor("error"));
        assertThat(OnException.ofMatcher(null)).isEqualTo(new OnException.Defer());
        assertThat(OnException.ofMatcher("nomatch")).isEqualTo(new OnException.MatchNone());
        assertThat(OnException.ofMatcher("MatchAll")).isEqualTo(new OnException.MatchAll());
        assertThat(OnException.ofMatcher("sorry")).isEqualTo(new OnException.ToProcessor("sorry"));
    }

    private static StepPlan step(String declaration) {
        return new StepPlan("All", declaration, new OnException.Defer(), new OnException.Defer(), declaration);
    }
}
