package org.relais.chain.plan;

/**
 * One {@code <mailet>} of a processor.
 *
 * @param matcher as written in {@code match} or {@code notmatch}
 * @param mailet as written in {@code class}
 * @param declaration everything the chain says about this step, in a form that is equal when the step is
 */
public record StepPlan(
        String matcher,
        String mailet,
        OnException onMatcherException,
        OnException onMailetException,
        String declaration) {}
