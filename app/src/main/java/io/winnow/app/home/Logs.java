package io.winnow.app.home;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.FilterReply;
import ch.qos.logback.core.util.FileSize;
import io.winnow.app.Failure;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The full log of a process: a file that never grows past a few tens of MiB. */
public final class Logs {
    /** What the libraries say too often at INFO to be of use to anyone. */
    private static final Map<String, Level> QUIET = Map.of(
            "org.apache.kafka", Level.WARN,
            "kafka", Level.WARN,
            "state.change.logger", Level.WARN,
            "org.apache.flink", Level.INFO,
            "org.apache.pekko", Level.WARN,
            "org.eclipse.jetty", Level.WARN,
            "io.javalin", Level.WARN);

    private Logs() {}

    /**
     * Sends everything from INFO on to {@code NAME.log}.
     *
     * @throws Failure if the file cannot be written
     */
    public static void toFile(Path directory, String name) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level [%thread] %logger{30} - %msg%n");
        encoder.start();

        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setName(name);
        appender.setFile(directory.resolve(name + ".log").toString());
        FixedWindowRollingPolicy policy = new FixedWindowRollingPolicy();
        policy.setContext(context);
        policy.setParent(appender);
        policy.setFileNamePattern(directory.resolve(name + ".%i.log").toString());
        policy.setMaxIndex(3);
        policy.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(FileSize.valueOf("10MB"));
        size.start();
        appender.setRollingPolicy(policy);
        appender.setTriggeringPolicy(size);
        appender.setEncoder(encoder);
        appender.start();
        if (!appender.isStarted()) {
            throw new Failure("log file " + directory.resolve(name + ".log")
                    + " cannot be written; free some space, mend its permissions, or give another --data DIR");
        }
        QUIET.forEach((logger, level) -> context.getLogger(logger).setLevel(level));
        for (String logger : List.of(Logger.ROOT_LOGGER_NAME, "io.winnow")) {
            context.getLogger(logger).addAppender(appender);
        }
        openUp(context);
    }

    /** The console takes our own errors only: a person can act on those. The file takes everything from INFO on. */
    private static void openUp(LoggerContext context) {
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        var console = root.getAppender("console");
        if (console != null) {
            console.addFilter(new Filter<>() {
                @Override
                public FilterReply decide(ILoggingEvent event) {
                    boolean ours = event.getLoggerName().startsWith("io.winnow.");
                    return ours && event.getLevel().isGreaterOrEqual(Level.ERROR)
                            ? FilterReply.NEUTRAL
                            : FilterReply.DENY;
                }
            });
        }
        root.setLevel(Level.INFO);
    }
}
