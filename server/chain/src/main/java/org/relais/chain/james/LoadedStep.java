package org.relais.chain.james;

import org.apache.mailet.Mailet;
import org.apache.mailet.Matcher;
import org.relais.chain.plan.StepPlan;

/** A step with its mailet and matcher, both initialised. */
record LoadedStep(StepPlan plan, Matcher matcher, Mailet mailet) {}
