package org.relais.configuration.chain.declaration;

/** What stands behind the {@code =} of a matcher. */
public record ConditionDeclaration(ValueForm form, boolean taken, boolean required, String documentation) {
    /** A matcher that reads no condition. */
    public static final ConditionDeclaration NONE =
            new ConditionDeclaration(ValueForm.of(ValueType.TEXT), false, false, "");
}
