package org.relais.extension;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** One sentence on what a mailet or matcher does, for the reference. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Documentation {
    String value();

    /** Whether the mail ends here for every recipient matched: nothing behind this mailet sees it. */
    boolean endsProcessing() default false;
}
