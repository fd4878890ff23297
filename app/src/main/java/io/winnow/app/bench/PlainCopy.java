package io.winnow.app.bench;

import io.winnow.app.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The least that moving records can cost: a consumer, a producer, byte for byte, with no transaction.
 *
 * @param consumer client settings
 * @param producer client settings
 * @param from the topic that is read, to its present end
 * @param to the topic that is written, partition by partition
 */
record PlainCopy(Map<String, Object> consumer, Map<String, Object> producer, String from, String to) {
    private static final Duration POLL = Duration.ofMillis(100);

    /**
     * Copies everything, partitions shared out among so many threads.
     *
     * @throws Failure if a record was not taken
     */
    void run(int partitions, int threads) {
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            List<TopicPartition> mine = new ArrayList<>();
            for (int p = t; p < partitions; p += threads) {
                mine.add(new TopicPartition(from, p));
            }
            running.add(CompletableFuture.runAsync(() -> copy(mine), task -> new Thread(task, "plain-copy").start()));
        }
        try {
            running.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            throw new Failure("the plain copy failed: " + e.getCause(), e);
        }
    }

    private void copy(List<TopicPartition> partitions) {
        Map<String, Object> reading = new HashMap<>(consumer);
        reading.put("enable.auto.commit", false);
        AtomicReference<@Nullable Exception> refused = new AtomicReference<>();
        try (KafkaConsumer<byte[], byte[]> reader =
                        new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                KafkaProducer<byte[], byte[]> writer =
                        new KafkaProducer<>(producer, new ByteArraySerializer(), new ByteArraySerializer())) {
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            long left = reader.endOffsets(partitions).values().stream()
                            .mapToLong(Long::longValue)
                            .sum()
                    - partitions.stream().mapToLong(reader::position).sum();
            while (left > 0 && refused.get() == null) {
                for (ConsumerRecord<byte[], byte[]> r : reader.poll(POLL)) {
                    left--;
                    writer.send(
                            new ProducerRecord<>(to, r.partition(), r.timestamp(), r.key(), r.value(), r.headers()),
                            (where, e) -> {
                                if (e != null) {
                                    refused.compareAndSet(null, e);
                                }
                            });
                }
            }
            writer.flush();
        }
        Exception e = refused.get();
        if (e != null) {
            throw new Failure("Kafka did not take a record on " + to + " (" + e.getMessage() + ")", e);
        }
    }
}
