package org.relais.chain.james;

import java.util.List;
import org.relais.chain.plan.ProcessorPlan;

/** A processor whose mailets are ready. */
record LoadedProcessor(ProcessorPlan plan, List<LoadedStep> steps) {
    LoadedProcessor {
        steps = List.copyOf(steps);
    }

    String name() {
        return plan.name();
    }
}
