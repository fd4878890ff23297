package io.winnow.faults.count;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends a run's records at a steady rate from a thread of its own, and knows which of them were acknowledged. */
public final class Sender implements AutoCloseable {
    private final Thread thread;
    private final Plan plan;
    private final Map<String, String> kafka;
    private final BitSet acknowledged = new BitSet();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile long next;
    private volatile boolean stopped;

    /**
     * What to send.
     *
     * @param topic where to
     * @param rows the records
     * @param first the first one's number
     * @param count how many
     * @param perSecond at most; 0 for as fast as it goes
     * @param partitions of the topic; a key stays on one
     * @param timestamp a record's Kafka timestamp, ms, by its number; negative for now
     */
    public record Plan(
            String topic,
            Rows rows,
            long first,
            long count,
            int perSecond,
            int partitions,
            LongUnaryOperator timestamp) {}

    private Sender(Map<String, String> kafka, Plan plan) {
        this.kafka = kafka;
        this.plan = plan;
        this.next = plan.first();
        this.thread = new Thread(this::run, "sender");
    }

    /** Starts to send. */
    public static Sender start(Map<String, String> kafka, Plan plan) {
        Sender sender = new Sender(kafka, plan);
        sender.thread.start();
        return sender;
    }

    /** A producer that neither loses nor repeats, however long a broker is away. */
    public static KafkaProducer<byte[], byte[]> producer(Map<String, String> kafka, Map<String, String> more) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "acks",
                "all",
                "enable.idempotence",
                "true",
                "linger.ms",
                "5",
                "max.request.size",
                String.valueOf(8 << 20),
                "delivery.timeout.ms",
                String.valueOf(20 * 60_000),
                "max.block.ms",
                String.valueOf(20 * 60_000)));
        settings.putAll(kafka);
        settings.putAll(more);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** The record of a number. */
    public static ProducerRecord<byte[], byte[]> record(Plan plan, long number) {
        long at = plan.timestamp().applyAsLong(number);
        return new ProducerRecord<>(
                plan.topic(),
                Rows.keyOf(number) % plan.partitions(),
                at < 0 ? null : at,
                plan.rows().key(number),
                plan.rows().value(number),
                List.of(new RecordHeader(Rows.NUMBER, Long.toString(number).getBytes(StandardCharsets.US_ASCII))));
    }

    private void run() {
        long end = plan.first() + plan.count();
        long start = System.nanoTime();
        try (KafkaProducer<byte[], byte[]> producer = producer(kafka, Map.of())) {
            for (long n = plan.first(); n < end && !stopped; n++) {
                if (plan.perSecond() > 0) {
                    long due = start + (n - plan.first()) * TimeUnit.SECONDS.toNanos(1) / plan.perSecond();
                    long wait = due - System.nanoTime();
                    if (wait > 1_000_000) {
                        LockSupport.parkNanos(wait);
                    }
                }
                long number = n;
                producer.send(record(plan, number), (sent, e) -> {
                    if (e == null) {
                        acknowledge(number);
                    } else {
                        failure.compareAndSet(null, e);
                    }
                });
                next = n + 1;
            }
            producer.flush();
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    private void acknowledge(long number) {
        synchronized (acknowledged) {
            acknowledged.set(Math.toIntExact(number));
        }
    }

    /** The number that is sent next: all before it are sent or on their way. */
    public long position() {
        return next;
    }

    /** Numbers of the records that Kafka has acknowledged so far. */
    public BitSet acknowledged() {
        synchronized (acknowledged) {
            return (BitSet) acknowledged.clone();
        }
    }

    /**
     * Waits until all is sent and acknowledged.
     *
     * @throws IllegalStateException if something was not
     */
    public void await() throws InterruptedException {
        thread.join();
        Throwable e = failure.get();
        if (e != null) {
            throw new IllegalStateException("a record could not be sent: " + e, e);
        }
    }

    /** Sends no more; what was sent is acknowledged first. */
    public void stop() throws InterruptedException {
        stopped = true;
        await();
    }

    @Override
    public void close() {
        stopped = true;
    }
}
