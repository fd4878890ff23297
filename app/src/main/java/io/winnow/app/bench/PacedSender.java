package io.winnow.app.bench;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends records at an even rate. A record's key is the moment at which it was due ({@link System#nanoTime()}), not that at
 * which it went: where the sender falls behind, that is part of the latency.
 */
final class PacedSender implements AutoCloseable {
    private static final long TICK_NANOS = 1_000_000;
    /** Made beforehand and sent over and over: making them costs more than sending them, and the job needs the core. */
    private static final int VALUES = 20_000;

    private final KafkaProducer<byte[], byte[]> producer;
    private final byte[][] values = new byte[VALUES][];
    private final Thread thread;
    private volatile boolean stopped;

    private PacedSender(Map<String, String> kafka, double rate, long seed) {
        producer = new KafkaProducer<>(Map.copyOf(kafka), new ByteArraySerializer(), new ByteArraySerializer());
        BenchStream stream = new BenchStream(seed);
        Arrays.setAll(values, i -> stream.next());
        thread = new Thread(() -> send(rate), "winnow-bench-sender");
        thread.setDaemon(true);
    }

    /**
     * Begins to send.
     *
     * @param rate records a second
     */
    static PacedSender start(Map<String, String> kafka, double rate, long seed) {
        PacedSender sender = new PacedSender(kafka, rate, seed);
        sender.thread.start();
        return sender;
    }

    private void send(double rate) {
        long start = System.nanoTime();
        long sent = 0;
        while (!stopped) {
            long due = (long) ((System.nanoTime() - start) * rate / 1e9);
            for (; sent < due && !stopped; sent++) {
                byte[] key = ByteBuffer.allocate(Long.BYTES)
                        .putLong(start + (long) (sent * 1e9 / rate))
                        .array();
                int partition = (int) (sent % BenchTopics.PARTITIONS);
                producer.send(
                        new ProducerRecord<>(BenchTopics.TOPICS.raw(), partition, key, values[(int) (sent % VALUES)]));
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }
}
