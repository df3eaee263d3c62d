package org.relais.configuration.chain.declaration;

import java.util.List;

/**
 * What a class file says of itself. Class names are internal ones: {@code org/relais/mailets/…}.
 *
 * @param concrete whether it can be instantiated
 * @param feature the Java version that it was compiled for
 * @param documented whether {@code @Documentation} stands on it
 * @param parametersDeclared whether {@code @Parameter} or {@code @Parameters} stands on it
 * @param conditionDeclared whether {@code @Condition} stands on it
 */
record ClassFacts(
        String name,
        String superName,
        List<String> interfaces,
        boolean concrete,
        int feature,
        boolean documented,
        boolean parametersDeclared,
        boolean conditionDeclared,
        String documentation,
        boolean endsProcessing,
        List<ParameterDeclaration> parameters,
        ConditionDeclaration condition) {
    ClassFacts {
        interfaces = List.copyOf(interfaces);
        parameters = List.copyOf(parameters);
    }

    /** Whether the class says anything about itself at all. */
    boolean declared() {
        return documented || parametersDeclared || conditionDeclared;
    }

    String className() {
        return name.replace('/', '.');
    }

    String simpleName() {
        return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('$')) + 1);
    }
}
