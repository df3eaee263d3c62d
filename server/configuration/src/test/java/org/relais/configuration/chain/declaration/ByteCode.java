package org.relais.configuration.chain.declaration;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SourceInterpreter;
import org.objectweb.asm.tree.analysis.SourceValue;

/**
 * What the byte code of one of James's mailets or matchers reads of its configuration: the class, those it extends, and
 * the helpers of James's that these call, other mailets left out.
 */
final class ByteCode {
    private static final Set<String> GENERIC = Set.of(
            "org/apache/mailet/base/GenericMailet",
            "org/apache/mailet/base/GenericMatcher",
            "org/apache/mailet/base/GenericRecipientMatcher");
    private static final Set<String> READERS = Set.of("getInitParameter", "getInitParameterAsOptional");

    private static final Map<String, ClassNode> CLASSES = new HashMap<>();

    /** A method, and which of its arguments is a parameter's name. */
    private record Sink(String owner, String name, String descriptor, int argument) {}

    private final ClassNode type;
    private final Set<ClassNode> scope = new LinkedHashSet<>();

    ByteCode(String className) {
        this.type = node(className.replace('.', '/'));
        Deque<ClassNode> next = new ArrayDeque<>(List.of(type));
        while (!next.isEmpty()) {
            ClassNode node = next.remove();
            if (scope.add(node)) {
                neighbours(node).forEach(next::add);
            }
        }
    }

    /** The literals that are used as parameter names. */
    Set<String> parameterNames() {
        Set<String> names = new TreeSet<>();
        Set<Sink> passedOn = new HashSet<>();
        int before;
        do {
            before = passedOn.size();
            for (ClassNode node : scope) {
                node.methods.forEach(method -> readNames(node, method, names, passedOn));
            }
        } while (passedOn.size() > before);
        return names;
    }

    /** The strings in a static set of the class; empty if there is no such field. */
    Set<String> stringsOf(String staticField) {
        Set<String> strings = new TreeSet<>();
        for (MethodNode method : type.methods) {
            Set<String> sinceLastField = new TreeSet<>();
            for (AbstractInsnNode instruction : method.instructions) {
                if (instruction instanceof LdcInsnNode ldc && ldc.cst instanceof String text) {
                    sinceLastField.add(text);
                }
                if (instruction instanceof FieldInsnNode field && field.getOpcode() == Opcodes.PUTSTATIC) {
                    if (field.name.equals(staticField)) {
                        strings.addAll(sinceLastField);
                    }
                    sinceLastField.clear();
                }
            }
        }
        return strings;
    }

    /** Whether the class or one it extends calls a method of that name. */
    boolean calls(String methodName) {
        return lineage().stream()
                .flatMap(ByteCode::instructions)
                .anyMatch(instruction -> instruction instanceof MethodInsnNode call && call.name.equals(methodName));
    }

    /** Whether the class itself ends mail. */
    boolean ghosts() {
        return instructions(type)
                .anyMatch(instruction -> instruction instanceof LdcInsnNode ldc && "ghost".equals(ldc.cst));
    }

    private static Stream<AbstractInsnNode> instructions(ClassNode node) {
        return node.methods.stream().flatMap(method -> Stream.of(method.instructions.toArray()));
    }

    /** The class and those it extends, up to James's generic ones. */
    private List<ClassNode> lineage() {
        List<ClassNode> lineage = new ArrayList<>();
        ClassNode node = type;
        while (!node.name.startsWith("java/") && !GENERIC.contains(node.name)) {
            lineage.add(node);
            node = node(node.superName);
        }
        return lineage;
    }

    private List<ClassNode> neighbours(ClassNode node) {
        Set<String> names = new TreeSet<>();
        if (!node.superName.startsWith("java/") && !GENERIC.contains(node.superName)) {
            names.add(node.superName);
        }
        for (MethodNode method : node.methods) {
            for (AbstractInsnNode instruction : method.instructions) {
                if (instruction instanceof MethodInsnNode call) {
                    names.add(call.owner);
                } else if (instruction instanceof InvokeDynamicInsnNode dynamic) {
                    for (Object argument : dynamic.bsmArgs) {
                        if (argument instanceof Handle handle) {
                            names.add(handle.getOwner());
                        }
                    }
                }
            }
        }
        return names.stream()
                .filter(name -> name.startsWith("org/apache/james/transport/")
                        || name.startsWith("org/apache/james/jdkim/mailets/"))
                .map(ByteCode::node)
                .filter(candidate -> candidate.name.equals(node.superName) || !isMailet(candidate))
                .toList();
    }

    private static boolean isMailet(ClassNode node) {
        ClassNode at = node;
        while (at.superName != null && !at.superName.startsWith("java/")) {
            if (GENERIC.contains(at.superName)) {
                return true;
            }
            if (!at.superName.startsWith("org/apache/james/") && !at.superName.startsWith("org/apache/mailet/")) {
                return false;
            }
            at = node(at.superName);
        }
        return false;
    }

    private static void readNames(ClassNode node, MethodNode method, Set<String> names, Set<Sink> passedOn) {
        Frame<SourceValue>[] frames;
        try {
            frames = new Analyzer<>(new SourceInterpreter()).analyze(node.name, method);
        } catch (AnalyzerException e) {
            throw new IllegalStateException(node.name + "." + method.name, e);
        }
        for (int i = 0; i < frames.length; i++) {
            if (frames[i] == null || !(method.instructions.get(i) instanceof MethodInsnNode call)) {
                continue;
            }
            int argument = nameArgument(call, passedOn);
            if (argument >= 0) {
                Frame<SourceValue> frame = frames[i];
                int count = Type.getArgumentTypes(call.desc).length;
                SourceValue value = frame.getStack(frame.getStackSize() - count + argument);
                for (AbstractInsnNode source : value.insns) {
                    if (source instanceof LdcInsnNode ldc && ldc.cst instanceof String text) {
                        names.add(text);
                    } else if (source instanceof VarInsnNode load && load.getOpcode() == Opcodes.ALOAD) {
                        passedOn(node, method, load.var, passedOn);
                    }
                }
            }
        }
    }

    /** Which argument of the call is a parameter's name; -1: none. */
    private static int nameArgument(MethodInsnNode call, Set<Sink> passedOn) {
        if (READERS.contains(call.name)) {
            return call.owner.equals("org/apache/mailet/base/MailetUtil") ? 1 : 0;
        }
        return passedOn.stream()
                .filter(sink -> sink.owner.equals(call.owner)
                        && sink.name.equals(call.name)
                        && sink.descriptor.equals(call.desc))
                .map(Sink::argument)
                .findFirst()
                .orElse(-1);
    }

    /** The name comes from the method's own argument: its callers have the literal. */
    private static void passedOn(ClassNode node, MethodNode method, int variable, Set<Sink> passedOn) {
        int slot = (method.access & Opcodes.ACC_STATIC) == 0 ? 1 : 0;
        Type[] arguments = Type.getArgumentTypes(method.desc);
        for (int argument = 0; argument < arguments.length; argument++) {
            if (slot == variable) {
                passedOn.add(new Sink(node.name, method.name, method.desc, argument));
            }
            slot += arguments[argument].getSize();
        }
    }

    private static ClassNode node(String internalName) {
        return CLASSES.computeIfAbsent(internalName, name -> {
            try (InputStream in = ByteCode.class.getClassLoader().getResourceAsStream(name + ".class")) {
                if (in == null) {
                    throw new IllegalStateException(name + " is not on the class path");
                }
                ClassNode node = new ClassNode();
                new ClassReader(in).accept(node, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
                return node;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
