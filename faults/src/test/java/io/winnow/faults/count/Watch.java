package io.winnow.faults.count;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Follows a stream's verdicts as they become readable: how far they are, and how long each harm held them up. */
public final class Watch implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Map<String, String> kafka;
    private final String[] topics;
    private final Thread thread;
    private final BitSet seen = new BitSet();
    private final List<Harm> open = new ArrayList<>();
    private double slowest;
    private volatile boolean stopped;

    /** A harm that was done when this number was next to be sent. */
    private record Harm(long nanos, long number) {}

    private Watch(Map<String, String> kafka, String stream) {
        this.kafka = kafka;
        this.topics = new String[] {stream + ".clean", stream + ".quarantine"};
        this.thread = new Thread(this::run, "watch");
        thread.setDaemon(true);
    }

    /** Starts to follow a stream. */
    public static Watch start(Map<String, String> kafka, String stream) {
        Watch watch = new Watch(kafka, stream);
        watch.thread.start();
        return watch;
    }

    private void run() {
        while (!stopped) {
            try (KafkaConsumer<byte[], byte[]> consumer = Topics.consumer(kafka)) {
                follow(consumer);
            } catch (KafkaException e) {
                // Brokers come and go here: it begins again, and counts each number once.
                stopped |= e instanceof org.apache.kafka.common.errors.InterruptException;
            }
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> consumer) {
        List<TopicPartition> all = Topics.partitions(consumer, topics);
        if (all.isEmpty()) {
            // A broker that has just come does not know the topics yet.
            LockSupport.parkNanos(POLL.toNanos());
            return;
        }
        consumer.assign(all);
        consumer.seekToBeginning(all);
        long look = System.nanoTime() + LOOK_NANOS;
        while (!stopped) {
            consumer.poll(POLL).forEach(record -> {
                if (Topics.header(record, "dq.decision") == null) {
                    saw(Topics.number(record));
                }
            });
            if (System.nanoTime() > look) {
                look = System.nanoTime() + LOOK_NANOS;
                if (Topics.partitions(consumer, topics).size() > all.size()) {
                    return;
                }
            }
        }
    }

    private synchronized void saw(long number) {
        if (number < 0) {
            return;
        }
        seen.set(Math.toIntExact(number));
        open.removeIf(harm -> {
            if (number < harm.number()) {
                return false;
            }
            recovered(harm);
            return true;
        });
        notifyAll();
    }

    private void recovered(Harm harm) {
        double seconds = (System.nanoTime() - harm.nanos()) / 1e9;
        slowest = Math.max(slowest, seconds);
    }

    /** Harm is done now; it is over once the verdict of a record is readable that was sent after it. */
    public synchronized void harmed(long next) {
        open.add(new Harm(System.nanoTime(), next));
    }

    /** Distinct numbers with a readable verdict. */
    public synchronized long seen() {
        return seen.cardinality();
    }

    /** Waits until all of these have one, or the time is over; whether they have. */
    public synchronized boolean await(BitSet numbers, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            BitSet left = (BitSet) numbers.clone();
            left.andNot(seen);
            long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left.isEmpty() || millis <= 0) {
                return left.isEmpty();
            }
            wait(Math.min(millis, 1_000));
        }
    }

    /** Waits until so many have one, or the time is over; whether they have. */
    public synchronized boolean await(long count, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (seen.cardinality() < count) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(Math.min(left, 1_000));
        }
        return true;
    }

    /** All that was sent is judged: what is still open is over. */
    public synchronized void caughtUp() {
        open.forEach(this::recovered);
        open.clear();
    }

    /** The longest that a harm held verdicts up so far, in seconds. */
    public synchronized double secondsToRecover() {
        return slowest;
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        thread.join(10_000);
    }
}
