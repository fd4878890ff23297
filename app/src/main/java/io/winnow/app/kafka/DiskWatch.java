package io.winnow.app.kafka;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after the embedded broker's share of the disk and tells, in the log and to whoever listens, when it runs out. */
public final class DiskWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskWatch.class);
    private static final long EVERY_S = 30;

    private final ScheduledExecutorService looker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "disk-watch");
        thread.setDaemon(true);
        return thread;
    });
    private final DiskAlarm alarm;
    private final Consumer<String> listener;

    private DiskWatch(DiskShare share, Consumer<String> listener) {
        this.alarm = new DiskAlarm(share);
        this.listener = listener;
    }

    /** Starts to look, now and then every half minute. */
    public static DiskWatch start(DiskShare share, Consumer<String> listener) {
        DiskWatch watch = new DiskWatch(share, listener);
        watch.looker.scheduleWithFixedDelay(watch::look, 0, EVERY_S, TimeUnit.SECONDS);
        return watch;
    }

    private void look() {
        try {
            alarm.look().ifPresent(line -> {
                LOG.warn("{}", line);
                listener.accept("warning: " + line);
            });
        } catch (RuntimeException e) {
            // An exception would end the schedule, and with it every later look.
            LOG.warn("cannot tell how much of the disk the broker's log takes: {}", e.toString());
        }
    }

    @Override
    public void close() {
        looker.shutdownNow();
    }
}
