package org.relais.distribution.foundation;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go, set up in code: reading a logback.xml costs a start more than all of this.
 *
 * <p>A server writes to {@code log/relais.log}, rolled by day and at 100 MiB, 30 days and 2 GiB at most, through a
 * bounded queue that makes writers wait rather than lose a line. Warnings and errors go to the console too.
 */
public final class Logs {
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level %logger{24} %msg %kvp%n";
    private static final String CONSOLE_PATTERN = "%d{HH:mm:ss} %-5level %msg %kvp%n%ex{0}";
    private static final int QUEUE = 8192;

    /** James and Netty tell at INFO what our own events tell better. */
    private static final Map<String, Level> LIBRARIES = Map.of(
            "org.apache.james", Level.WARN,
            "org.apache.mailet", Level.WARN,
            "org.apache.jsieve", Level.WARN,
            "org.apache.jsieve.SieveFactory", Level.OFF, // an ERROR for each script that a user got wrong
            "io.netty", Level.WARN,
            "reactor", Level.WARN,
            "javax.mail", Level.WARN);

    private Logs() {}

    /** For a command that prints its own results: warnings and errors to standard error. */
    static void forCommand(LoggerContext context) {
        root(context).setLevel(Level.WARN);
        root(context).addAppender(console(context));
    }

    /**
     * For the running server.
     *
     * @param json one JSON object per line instead of text
     * @param level of our own loggers: error, warn, info, debug, trace
     */
    public static void forServer(Path logDirectory, boolean json, String level) {
        LoggerContext context = reset();
        root(context).setLevel(Level.toLevel(level, Level.INFO));
        LIBRARIES.forEach((name, bound) -> context.getLogger(name).setLevel(bound));
        root(context).addAppender(asynchronous(context, file(context, logDirectory, json)));
        root(context).addAppender(console(context));
    }

    /** Writes out what is still queued; log lines after this are lost. */
    public static void stop() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }

    private static LoggerContext reset() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        return context;
    }

    private static Logger root(LoggerContext context) {
        return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private static Appender<ILoggingEvent> console(LoggerContext context) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setTarget("System.err");
        ThresholdAtWarn filter = new ThresholdAtWarn();
        filter.start();
        console.addFilter(filter);
        return started(context, console, pattern(context, CONSOLE_PATTERN));
    }

    private static Appender<ILoggingEvent> file(LoggerContext context, Path directory, boolean json) {
        RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
        file.setContext(context);
        file.setFile(directory.resolve("relais.log").toString());
        SizeAndTimeBasedRollingPolicy<ILoggingEvent> rolling = new SizeAndTimeBasedRollingPolicy<>();
        rolling.setContext(context);
        rolling.setParent(file);
        rolling.setFileNamePattern(
                directory.resolve("relais.%d{yyyy-MM-dd}.%i.log.gz").toString());
        rolling.setMaxFileSize(new FileSize(100 * FileSize.MB_COEFFICIENT));
        rolling.setMaxHistory(30);
        rolling.setTotalSizeCap(new FileSize(2 * FileSize.GB_COEFFICIENT));
        rolling.start();
        file.setRollingPolicy(rolling);
        file.setTriggeringPolicy(rolling);
        return started(context, file, json ? json(context) : pattern(context, PATTERN));
    }

    private static Appender<ILoggingEvent> asynchronous(LoggerContext context, Appender<ILoggingEvent> target) {
        AsyncAppender asynchronous = new AsyncAppender();
        asynchronous.setContext(context);
        asynchronous.setQueueSize(QUEUE);
        asynchronous.setDiscardingThreshold(0);
        asynchronous.addAppender(target);
        asynchronous.start();
        return asynchronous;
    }

    private static Encoder<ILoggingEvent> pattern(LoggerContext context, String pattern) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(pattern);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context) {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithContext(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithMessage(false);
        encoder.setWithFormattedMessage(true);
        encoder.start();
        return encoder;
    }

    private static Appender<ILoggingEvent> started(
            LoggerContext context, OutputStreamAppender<ILoggingEvent> appender, Encoder<ILoggingEvent> encoder) {
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }
}
