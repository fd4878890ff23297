package io.winnow.app.system;

import io.winnow.app.Failure;
import io.winnow.app.Winnow;
import io.winnow.trainer.learn.Devices;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream's trainer in a process of its own, for a native abort ends a JVM: spawned, watched, and started again with
 * growing pauses when it dies. What it needs to know goes over its standard input, which stays open: when this process
 * ends, however it ends, the trainer reads the end of it and stops.
 */
public final class TrainerProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrainerProcess.class);
    private static final long FIRST_PAUSE_MS = 1_000;
    private static final long LAST_PAUSE_MS = 60_000;
    /** A trainer that lived this long starts afresh: its next death is no sequel. */
    private static final long LIVED_MS = 120_000;
    /** One death may be chance. */
    private static final int TELLING_DEATHS = 2;

    private final TrainerOrder order;
    private final Path logs;
    private final int memoryMiB;
    private final List<String> options;
    private final Consumer<String> warnings;
    private final ScheduledExecutorService watcher =
            Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "trainer-watch"));
    private @Nullable Process process;
    private long pauseMs = FIRST_PAUSE_MS;
    private int earlyDeaths;
    private boolean closed;

    private TrainerProcess(
            TrainerOrder order, Path logs, int memoryMiB, List<String> options, Consumer<String> warnings) {
        this.order = order;
        this.logs = logs;
        this.memoryMiB = memoryMiB;
        this.options = List.copyOf(options);
        this.warnings = warnings;
    }

    /**
     * Starts a trainer.
     *
     * @param warnings takes a line, once, when it dies again and again, from another thread
     * @throws Failure if there is no process to be had
     */
    public static TrainerProcess start(TrainerOrder order, Path logs, int memoryMiB, Consumer<String> warnings) {
        return start(order, logs, memoryMiB, List.of(), warnings);
    }

    /**
     * Starts a trainer.
     *
     * @param options its JVM gets besides
     * @param warnings takes a line, once, when it dies again and again, from another thread
     * @throws Failure if there is no process to be had
     */
    public static TrainerProcess start(
            TrainerOrder order, Path logs, int memoryMiB, List<String> options, Consumer<String> warnings) {
        TrainerProcess trainer = new TrainerProcess(order, logs, memoryMiB, options, warnings);
        try {
            trainer.spawn();
        } catch (UncheckedIOException e) {
            throw new Failure("the trainer's process did not start: " + e.getMessage(), e);
        }
        return trainer;
    }

    private synchronized void spawn() {
        if (closed) {
            return;
        }
        try {
            Files.createDirectories(logs);
            long started = System.nanoTime();
            ProcessBuilder builder = new ProcessBuilder(command())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.appendTo(
                            logs.resolve("trainer.err").toFile()));
            Devices.environment().forEach(builder.environment()::putIfAbsent);
            Process child = builder.start();
            OutputStream in = child.getOutputStream();
            in.write(order.line().getBytes(StandardCharsets.UTF_8));
            in.flush();
            process = child;
            child.onExit().thenAccept(ended -> died(ended, started));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.add("-Xmx" + memoryMiB + "m");
        // One thread works in it: nothing to collect beside, and no tables of a collector's own.
        command.add("-XX:+UseSerialGC");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Winnow.class.getName(), "trainer"));
        return command;
    }

    /** Its process now; empty while there is none. */
    public synchronized Optional<ProcessHandle> process() {
        return Optional.ofNullable(process).map(Process::toHandle);
    }

    private synchronized void died(Process ended, long started) {
        if (closed) {
            return;
        }
        boolean lived = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started) > LIVED_MS;
        pauseMs = lived ? FIRST_PAUSE_MS : Math.min(LAST_PAUSE_MS, 2 * pauseMs);
        earlyDeaths = lived ? 0 : earlyDeaths + 1;
        if (earlyDeaths == TELLING_DEATHS) {
            warnings.accept("warning: a trainer ends again and again; records are judged, but no model is made: "
                    + logs.resolve("trainer.err") + " says why");
        }
        LOG.warn("the trainer ended with {}; it starts again in {} ms", ended.exitValue(), pauseMs);
        watcher.schedule(
                () -> {
                    try {
                        spawn();
                    } catch (UncheckedIOException e) {
                        LOG.error("the trainer did not start again: {}", e.getMessage());
                    }
                },
                pauseMs,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        Process last;
        synchronized (this) {
            closed = true;
            last = process;
        }
        watcher.shutdownNow();
        if (last == null) {
            return;
        }
        try {
            last.getOutputStream().close();
        } catch (IOException e) {
            LOG.debug("the trainer had closed its input", e);
        }
        try {
            if (!last.waitFor(15, TimeUnit.SECONDS)) {
                last.destroyForcibly();
            }
        } catch (InterruptedException e) {
            last.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
