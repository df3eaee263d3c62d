package org.relais.distribution.foundation;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Sets logs up for a command when, and only when, something is logged: most commands log nothing, and logback would cost
 * each of them 0.2 s. Found by logback as a service; {@code run} replaces what it sets up.
 */
public final class CommandLogs extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        Logs.forCommand(context);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
