package org.relais.configuration.chain.declaration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Opcodes;
import org.relais.extension.Condition;
import org.relais.extension.Documentation;
import org.relais.extension.Parameter;
import org.relais.extension.Parameters;

/** Reads the header and our annotations of a class file, without loading the class. One use, one thread. */
final class ClassFactsReader extends ClassVisitor {
    private static final int API = Opcodes.ASM9;
    /** Class file version 45 is Java 1. */
    private static final int VERSION_BEFORE_JAVA_1 = 44;

    private static final String DOCUMENTATION = descriptor(Documentation.class);
    private static final String CONDITION = descriptor(Condition.class);
    private static final String PARAMETER = descriptor(Parameter.class);
    private static final String PARAMETERS = descriptor(Parameters.class);

    private final List<ParameterDeclaration> parameters = new ArrayList<>();
    private String name = "";
    private String superName = "";
    private List<String> interfaces = List.of();
    private boolean concrete;
    private int feature;
    private boolean documented;
    private boolean parametersDeclared;
    private boolean conditionDeclared;
    private String documentation = "";
    private boolean endsProcessing;
    private ConditionDeclaration condition = ConditionDeclaration.NONE;

    private ClassFactsReader() {
        super(API);
    }

    /**
     * What the class file says.
     *
     * @throws IllegalArgumentException if it is none, or of a version that is not known
     */
    static ClassFacts read(byte[] classFile) {
        ClassFactsReader reader = new ClassFactsReader();
        try {
            new ClassReader(classFile)
                    .accept(reader, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new IllegalArgumentException("the class file is cut off", e);
        }
        return reader.facts();
    }

    private ClassFacts facts() {
        return new ClassFacts(
                name,
                superName,
                interfaces,
                concrete,
                feature,
                documented,
                parametersDeclared,
                conditionDeclared,
                documentation,
                endsProcessing,
                parameters,
                condition);
    }

    @Override
    public void visit(
            int version,
            int access,
            String className,
            @Nullable String signature,
            @Nullable String superClass,
            String @Nullable [] implemented) {
        name = className;
        superName = superClass == null ? "" : superClass;
        interfaces = implemented == null ? List.of() : List.of(implemented);
        concrete = (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_INTERFACE)) == 0;
        feature = (version & 0xFFFF) - VERSION_BEFORE_JAVA_1;
    }

    @Override
    public @Nullable AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
        if (descriptor.equals(DOCUMENTATION)) {
            documented = true;
            return new Values() {
                @Override
                public void visitEnd() {
                    documentation = text("value");
                    endsProcessing = flag("endsProcessing");
                }
            };
        }
        if (descriptor.equals(CONDITION)) {
            conditionDeclared = true;
            return new Values() {
                @Override
                public void visitEnd() {
                    condition = new ConditionDeclaration(form(), true, flag("required"), text("documentation"));
                }
            };
        }
        if (descriptor.equals(PARAMETER)) {
            parametersDeclared = true;
            return parameter();
        }
        if (descriptor.equals(PARAMETERS)) {
            parametersDeclared = true;
            return new AnnotationVisitor(API) {
                @Override
                public AnnotationVisitor visitArray(String attribute) {
                    return new AnnotationVisitor(API) {
                        @Override
                        public AnnotationVisitor visitAnnotation(String element, String nested) {
                            return parameter();
                        }
                    };
                }
            };
        }
        return null;
    }

    private Values parameter() {
        return new Values() {
            @Override
            public void visitEnd() {
                parameters.add(new ParameterDeclaration(
                        text("name"),
                        form(),
                        text("defaultValue"),
                        flag("required"),
                        false,
                        Standing.READ,
                        "",
                        text("documentation")));
            }
        };
    }

    private static String descriptor(Class<?> annotation) {
        return "L" + annotation.getName().replace('.', '/') + ";";
    }

    /** Collects the attributes that are written; the rest have the defaults of the annotation. */
    private abstract static class Values extends AnnotationVisitor {
        private final Map<String, Object> values = new HashMap<>();
        private final List<String> choices = new ArrayList<>();

        Values() {
            super(API);
        }

        @Override
        public abstract void visitEnd();

        @Override
        public void visit(String attribute, Object value) {
            values.put(attribute, value);
        }

        @Override
        public void visitEnum(String attribute, String descriptor, String value) {
            values.put(attribute, value);
        }

        @Override
        public AnnotationVisitor visitArray(String attribute) {
            return new AnnotationVisitor(API) {
                @Override
                public void visit(@Nullable String element, Object value) {
                    choices.add(value.toString());
                }
            };
        }

        final String text(String attribute) {
            Object value = values.get(attribute);
            return value == null ? "" : value.toString();
        }

        final boolean flag(String attribute) {
            return Boolean.TRUE.equals(values.get(attribute));
        }

        final ValueForm form() {
            String type = text("type");
            ValueForm form = ValueForm.of(type.isEmpty() ? ValueType.TEXT : ValueType.valueOf(type));
            return choices.isEmpty()
                    ? form
                    : new ValueForm(form.type(), choices, Long.MIN_VALUE, Long.MAX_VALUE, "", false, "");
        }
    }
}
