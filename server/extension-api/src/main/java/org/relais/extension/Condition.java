package org.relais.extension;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What stands behind the {@code =} of a matcher: {@code match="Name=condition"}. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Condition {
    ParameterType type() default ParameterType.TEXT;

    boolean required() default false;

    /** One line, shown in the reference and beside an error. */
    String documentation();
}
