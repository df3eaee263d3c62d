package org.relais.extension;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** One init parameter of a mailet: what may stand as {@code <name>value</name>} inside {@code <mailet>}. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(Parameters.class)
public @interface Parameter {
    /** The element's name. */
    String name();

    ParameterType type() default ParameterType.TEXT;

    /** The value used when the parameter is left out; empty: there is none. */
    String defaultValue() default "";

    boolean required() default false;

    /** For {@link ParameterType#CHOICE}: the words allowed. */
    String[] choices() default {};

    /** One line, shown in the reference and beside an error. */
    String documentation();
}
