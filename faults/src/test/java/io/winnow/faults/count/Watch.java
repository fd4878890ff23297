package io.winnow.faults.count;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Follows a stream's verdicts as they become readable: how far they are, and how long each harm held them up. */
public final class Watch implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final long LOOK_MILLIS = 20;
    private static final long TOPICS_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Map<String, String> kafka;
    private final String[] topics;
    private final Thread thread;
    private final BitSet seen = new BitSet();
    private final List<Harm> open = new ArrayList<>();
    private final Latency latency = new Latency();
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private long count;
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
                // Brokers come and go here: it goes on where it was.
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
        all.forEach(p -> consumer.seek(p, positions.getOrDefault(p, 0L)));
        long look = System.nanoTime() + TOPICS_NANOS;
        while (!stopped) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            long now = System.currentTimeMillis();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (Topics.header(record, "dq.decision") == null) {
                    saw(Topics.number(record), record.timestamp(), now);
                }
            }
            records.nextOffsets().forEach((partition, next) -> positions.put(partition, next.offset()));
            if (System.nanoTime() > look) {
                look = System.nanoTime() + TOPICS_NANOS;
                if (Topics.partitions(consumer, topics).size() > all.size()) {
                    return;
                }
            }
        }
    }

    private synchronized void saw(long number, long due, long now) {
        if (number < 0 || seen.get(Math.toIntExact(number))) {
            return;
        }
        seen.set(Math.toIntExact(number));
        count++;
        latency.note(due, now);
        open.removeIf(harm -> {
            if (number < harm.number()) {
                return false;
            }
            recovered(harm);
            return true;
        });
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
        return count;
    }

    private synchronized boolean haveSeen(BitSet numbers) {
        BitSet left = (BitSet) numbers.clone();
        left.andNot(seen);
        return left.isEmpty();
    }

    /** Waits until all of these have one, or the time is over; whether they have. */
    public boolean await(BitSet numbers, Duration atMost) throws InterruptedException {
        return await(() -> haveSeen(numbers), atMost);
    }

    /** Waits until so many have one, or the time is over; whether they have. */
    public boolean await(long number, Duration atMost) throws InterruptedException {
        return await(() -> seen() >= number, atMost);
    }

    private static boolean await(BooleanSupplier condition, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        return true;
    }

    /** What is to be known of latencies up to now. */
    public synchronized <T> T latency(Function<Latency, T> question) {
        return question.apply(latency);
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
