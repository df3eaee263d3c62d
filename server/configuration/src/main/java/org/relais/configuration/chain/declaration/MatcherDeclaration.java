package org.relais.configuration.chain.declaration;

/**
 * What is known of a matcher.
 *
 * @param name what one writes into the chain: the short name where there is one
 * @param composite whether it combines the {@code <matcher>} elements inside it
 * @param counts whether its answer changes from pass to pass though the mail does not
 * @param readsMarks whether it looks at header fields or attributes, which a mailet may have written
 * @param declared false for a plug-in that says nothing about itself
 */
public record MatcherDeclaration(
        String name,
        String className,
        String group,
        String documentation,
        ConditionDeclaration condition,
        boolean composite,
        boolean counts,
        boolean readsMarks,
        boolean declared) {
    /** A plug-in that says nothing about itself: it may be a composite and may take any condition. */
    static MatcherDeclaration undeclared(String className) {
        return new MatcherDeclaration(
                className, className, "", "", ConditionDeclaration.NONE, false, true, true, false);
    }
}
