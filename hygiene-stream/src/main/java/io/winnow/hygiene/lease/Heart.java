package io.winnow.hygiene.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that beats for a holder of the lease, and reads what others say. */
final class Heart implements Tenure.Keeping {
    private static final Logger LOGGER = LoggerFactory.getLogger(Heart.class);
    private static final long END_MS = 3_000;

    private final LeaseHolder holder;
    private final Supplier<LeaseLog> open;
    private final Consumer<LeaseLostException> onLoss;
    private final boolean starter;
    private final String topic;
    private final Thread thread;
    private volatile boolean closed;
    private volatile boolean release;
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();

    /**
     * A heart; {@link #start} sets it going.
     *
     * @param topic the lease's
     * @param holder for whom it beats
     * @param open opens the topic, or hands over what is open; closed at the end
     * @param onLoss is told when the lease is lost
     * @param starter whether it beats for who starts the job, until the job is heard; else for the job itself, whose end gives
     *     the lease back
     */
    Heart(
            String topic,
            LeaseHolder holder,
            Supplier<LeaseLog> open,
            Consumer<LeaseLostException> onLoss,
            boolean starter) {
        this.topic = topic;
        this.holder = holder;
        this.open = open;
        this.onLoss = onLoss;
        this.starter = starter;
        this.release = !starter;
        thread = new Thread(this::run, "winnow-lease-" + topic);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try (LeaseLog log = open.get()) {
            readUp(log);
            while (!closed && !(starter && isJobHeard())) {
                Optional<LeaseRecord> beat = beat();
                if (beat.isEmpty()) {
                    onLoss.accept(new LeaseLostException("the lease of " + topic + " was taken over by a job started "
                            + rival() + "; this one stops, and the other goes on"));
                    return;
                }
                log.append(beat.get());
                listen(log);
            }
            end(log);
        } catch (RuntimeException e) {
            // Without a heart the lease runs out by itself, and no checkpoint is begun.
            LOGGER.error("the heart of {} stands still", topic, e);
        } finally {
            closed = true;
            List<CompletableFuture<Void>> left;
            synchronized (this) {
                left = List.copyOf(waiting);
                waiting.clear();
            }
            left.forEach(one -> one.completeExceptionally(over()));
        }
    }

    private void readUp(LeaseLog log) {
        while (!closed) {
            try {
                log.poll(Duration.ofMillis(100), this::see);
                if (log.isReadUp()) {
                    return;
                }
            } catch (KafkaException e) {
                LOGGER.warn("{} cannot be read yet: {}", topic, e.toString());
                pause();
            }
        }
    }

    private void listen(LeaseLog log) {
        long end = System.nanoTime() + LeaseState.BEAT.toNanos();
        for (long left = LeaseState.BEAT.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
            try {
                log.poll(Duration.ofNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(250))), this::see);
            } catch (KafkaException e) {
                LOGGER.warn("{} cannot be read: {}", topic, e.toString());
                pause();
            }
            if (isLost()) {
                return;
            }
        }
    }

    private void end(LeaseLog log) {
        if (release) {
            LeaseRecord last;
            synchronized (this) {
                last = holder.release();
            }
            log.append(last);
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LeaseState.BEAT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Optional<LeaseRecord> beat() {
        return holder.beat(System.nanoTime());
    }

    private void see(LeaseRecord record, long brokerMillis) {
        List<CompletableFuture<Void>> released;
        synchronized (this) {
            holder.see(record, brokerMillis);
            if (!holder.isSure(System.nanoTime())) {
                return;
            }
            released = List.copyOf(waiting);
            waiting.clear();
        }
        released.forEach(one -> one.complete(null));
    }

    synchronized boolean isLost() {
        return holder.isLost();
    }

    private synchronized boolean isJobHeard() {
        return holder.isJobHeard();
    }

    private synchronized String rival() {
        return holder.rival();
    }

    /** Gives the lease back at once: there will be no job. */
    void abandon() {
        release = true;
        close();
    }

    @Override
    public CompletableFuture<Void> whenSure() {
        CompletableFuture<Void> sure = new CompletableFuture<>();
        synchronized (this) {
            if (!closed && !holder.isSure(System.nanoTime())) {
                waiting.add(sure);
                return sure;
            }
        }
        if (closed) {
            sure.completeExceptionally(over());
        } else {
            sure.complete(null);
        }
        return sure;
    }

    private LeaseLostException over() {
        return new LeaseLostException("the lease of " + topic + " is not kept any more");
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(END_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
