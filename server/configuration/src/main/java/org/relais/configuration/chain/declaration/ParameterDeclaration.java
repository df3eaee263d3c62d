package org.relais.configuration.chain.declaration;

/**
 * One parameter of a mailet.
 *
 * @param defaultValue the value when it is left out; empty: none
 * @param repeatable whether several elements of this name make one value, joined by commas
 * @param advice what to write instead; empty when {@code standing} is {@link Standing#READ}
 */
public record ParameterDeclaration(
        String name,
        ValueForm form,
        String defaultValue,
        boolean required,
        boolean repeatable,
        Standing standing,
        String advice,
        String documentation) {}
