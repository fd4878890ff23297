package io.winnow.monitoring.desk;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until a stream application runs. Restoring the stores of many cases takes as long as it takes: only standing
 * still has a bound.
 */
final class Startup implements KafkaStreams.StateListener, StateRestoreListener {
    private static final Logger LOG = LoggerFactory.getLogger(Startup.class);
    private static final long LOOK_MS = 200;

    private final long patienceNanos;
    private final LongSupplier nanos;
    private final CompletableFuture<Void> running = new CompletableFuture<>();
    private final AtomicLong lastSign;

    /**
     * Begins to wait now.
     *
     * @param patience how long nothing may move
     * @param nanos a clock as {@link System#nanoTime()}
     */
    Startup(Duration patience, LongSupplier nanos) {
        this.patienceNanos = patience.toNanos();
        this.nanos = nanos;
        this.lastSign = new AtomicLong(nanos.getAsLong());
    }

    /**
     * Waits.
     *
     * @throws TimeoutException if nothing moved for too long
     * @throws ExecutionException if the application has failed
     */
    void await() throws InterruptedException, ExecutionException, TimeoutException {
        while (true) {
            try {
                running.get(LOOK_MS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                if (nanos.getAsLong() - lastSign.get() > patienceNanos) {
                    throw e;
                }
            }
        }
    }

    /** The application will not come to run. */
    void failed(Throwable why) {
        running.completeExceptionally(why);
    }

    private void moves() {
        lastSign.set(nanos.getAsLong());
    }

    @Override
    public void onChange(KafkaStreams.State now, KafkaStreams.State before) {
        moves();
        if (now == KafkaStreams.State.RUNNING) {
            running.complete(null);
        } else if (now == KafkaStreams.State.ERROR) {
            failed(new IllegalStateException("Kafka Streams stopped"));
        }
    }

    @Override
    public void onRestoreStart(TopicPartition partition, String store, long from, long to) {
        moves();
        if (to > from) {
            LOG.info("reading {} back from {}, about {} entries", store, partition, to - from);
        }
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long batchEnd, long entries) {
        moves();
    }

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long entries) {
        moves();
    }
}
