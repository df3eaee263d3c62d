package org.relais.configuration.hook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.relais.configuration.Finding;
import org.relais.configuration.FurtherCheck;
import org.relais.configuration.chain.ChainCheck;
import org.relais.configuration.chain.declaration.HookClasses;
import org.relais.configuration.chain.declaration.Resolution;
import org.relais.configuration.relaisxml.RelaisXml;
import org.relais.configuration.schema.RelaisSchema;
import org.relais.configuration.xml.XmlAttribute;
import org.relais.configuration.xml.XmlElement;
import org.relais.configuration.xml.XmlException;
import org.relais.configuration.xml.XmlReader;

/**
 * Checks the classes of the hooks in {@code relais.xml}, without loading one; all else of that file is {@link
 * RelaisXml}'s. Immutable; for any thread.
 */
public final class HookCheck implements FurtherCheck {
    private final ClassLoader classPath;

    /** @param classPath where James is found */
    public HookCheck(ClassLoader classPath) {
        this.classPath = classPath;
    }

    @Override
    public List<Finding> check(Path confDirectory) {
        try {
            Path file = confDirectory.resolve(RelaisXml.FILE);
            List<XmlAttribute> classNames = XmlReader.read(file)
                    .root()
                    .children(RelaisSchema.LISTENERS.name())
                    .flatMap(listeners -> listeners.children(RelaisSchema.LISTENERS.item()))
                    .flatMap(listener -> listener.children(RelaisSchema.HOOK.name()))
                    .flatMap(HookCheck::className)
                    .toList();
            return classNames.isEmpty()
                    ? List.of()
                    : check(classNames, Finding.nameOf(file), confDirectory.resolve(ChainCheck.EXTENSIONS));
        } catch (XmlException e) {
            // The check of the file itself tells it.
            return List.of();
        }
    }

    private static Stream<XmlAttribute> className(XmlElement hook) {
        return hook.attribute(RelaisSchema.HOOK_CLASS.name()).stream()
                .filter(name -> !name.value().isBlank());
    }

    private List<Finding> check(List<XmlAttribute> classNames, String file, Path extensions) {
        List<Finding> findings = new ArrayList<>();
        try (HookClasses classes = new HookClasses(classPath, extensions)) {
            for (XmlAttribute name : classNames) {
                if (classes.resolve(name.value().strip()) instanceof Resolution.Rejected<String> rejected) {
                    findings.add(Finding.error(file, name.line(), rejected.message(), rejected.remedy()));
                }
            }
            return List.copyOf(findings);
        } catch (IOException e) {
            throw new UncheckedIOException("an extension jar cannot be closed", e);
        }
    }
}
