package org.relais.configuration.chain.declaration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a mailet.
 *
 * @param name what one writes into the chain: the short name where there is one
 * @param standsIn the class of Relais's that runs under this name; empty: the class itself
 * @param prefixes parameters whose names begin so are accepted unseen; the empty prefix accepts every name
 * @param oneOf parameters of which at least one has to be there; empty: none has to
 * @param marks whether it writes header fields or attributes, which a matcher may look for on a second pass
 * @param answers whether it tells the reverse-path about the mail, so that letting go of the mail loses nothing
 * @param declared false for a plug-in that says nothing about itself
 */
public record MailetDeclaration(
        String name,
        String className,
        String standsIn,
        String group,
        String documentation,
        List<ParameterDeclaration> parameters,
        List<String> prefixes,
        List<String> oneOf,
        Ending ending,
        boolean marks,
        boolean answers,
        boolean declared) {
    public MailetDeclaration {
        parameters = List.copyOf(parameters);
        prefixes = List.copyOf(prefixes);
        oneOf = List.copyOf(oneOf);
    }

    /** A mailet that declares itself by annotations. */
    static MailetDeclaration annotated(
            String name, String className, String documentation, List<ParameterDeclaration> parameters, Ending ending) {
        return new MailetDeclaration(
                name, className, "", "", documentation, parameters, List.of(), List.of(), ending, false, false, true);
    }

    /** A plug-in that says nothing about itself. */
    static MailetDeclaration undeclared(String className) {
        return new MailetDeclaration(
                className,
                className,
                "",
                "",
                "",
                List.of(),
                List.of(""),
                List.of(),
                new Ending.Unknown(),
                false,
                false,
                false);
    }

    /** The same, with every parameter accepted. */
    MailetDeclaration acceptingAll() {
        return new MailetDeclaration(
                name,
                className,
                standsIn,
                group,
                documentation,
                parameters,
                List.of(""),
                oneOf,
                ending,
                marks,
                answers,
                declared);
    }

    /** What this stock mailet says, with the parameters that its stand-in has besides. */
    MailetDeclaration with(MailetDeclaration standIn) {
        List<ParameterDeclaration> all = new ArrayList<>(parameters);
        standIn.parameters.stream()
                .filter(parameter -> parameter(parameter.name()).isEmpty())
                .forEach(all::add);
        return new MailetDeclaration(
                name, className, standsIn, group, documentation, all, prefixes, oneOf, ending, marks, answers, true);
    }

    /** What the stock mailet says, under the stand-in's own name. */
    MailetDeclaration as(MailetDeclaration standIn) {
        MailetDeclaration all = with(standIn);
        return new MailetDeclaration(
                standIn.name,
                standIn.className,
                "",
                standIn.group,
                standIn.documentation,
                all.parameters,
                prefixes,
                oneOf,
                ending,
                marks,
                answers,
                true);
    }

    public Optional<ParameterDeclaration> parameter(String parameterName) {
        return parameters.stream()
                .filter(parameter -> parameter.name().equals(parameterName))
                .findFirst();
    }

    /** Whether a parameter that is not declared by name is accepted all the same. */
    public boolean acceptsUnseen(String parameterName) {
        return prefixes.stream().anyMatch(parameterName::startsWith);
    }
}
