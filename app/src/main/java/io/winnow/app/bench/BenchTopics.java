package io.winnow.app.bench;

import io.winnow.app.Failure;
import io.winnow.app.kafka.Leaders;
import io.winnow.app.kafka.StreamTopicPlan;
import io.winnow.core.topic.StreamTopics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The benchmark's topics on its broker: filled once, and emptied of what each run wrote. */
final class BenchTopics implements AutoCloseable {
    /** As a stream has them where nobody chose otherwise. */
    static final int PARTITIONS = 2;

    static final StreamTopics TOPICS = StreamTopics.of(BenchStream.CONTRACT);

    private static final long TIMEOUT_S = 60;

    private final Map<String, String> kafka;
    private final Admin admin;

    BenchTopics(Map<String, String> kafka) {
        this.kafka = kafka;
        this.admin = Admin.create(Map.copyOf(kafka));
        // The broker writes down when it took a record: that is what a run is timed by.
        Map<String, String> timed = Map.of(
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime",
                TopicConfig.FILE_DELETE_DELAY_MS_CONFIG, "1000");
        await(admin.createTopics(StreamTopicPlan.of(TOPICS, PARTITIONS, 0).all().values().stream()
                        .map(topic -> {
                            Map<String, String> settings = new HashMap<>(topic.settings());
                            settings.putAll(
                                    topic.name().equals(TOPICS.clean())
                                                    || topic.name().equals(TOPICS.quarantine())
                                            ? timed
                                            : Map.of());
                            return new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty())
                                    .configs(settings);
                        })
                        .toList())
                .all());
        try {
            Leaders.await(
                    admin, Stream.concat(raw().stream(), written().stream()).toList(), Duration.ofSeconds(TIMEOUT_S));
        } catch (ExecutionException | TimeoutException e) {
            throw silent(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    List<TopicPartition> raw() {
        return partitions(TOPICS.raw()).toList();
    }

    /** What the runs write to. */
    List<TopicPartition> written() {
        return Stream.of(TOPICS.clean(), TOPICS.quarantine())
                .flatMap(BenchTopics::partitions)
                .toList();
    }

    private static Stream<TopicPartition> partitions(String topic) {
        return IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(topic, p));
    }

    /**
     * Fills the raw topic.
     *
     * @return bytes of a value, on average
     * @throws Failure if the broker refuses a record
     */
    double fill(long records, long seed) {
        BenchStream stream = new BenchStream(seed);
        AtomicReference<@Nullable Exception> refused = new AtomicReference<>();
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("linger.ms", "20");
        settings.put("batch.size", "131072");
        long bytes = 0;
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long n = 0; n < records; n++) {
                byte[] value = stream.next();
                bytes += value.length;
                producer.send(new ProducerRecord<>(TOPICS.raw(), (int) (n % PARTITIONS), null, value), (where, e) -> {
                    if (e != null) {
                        refused.compareAndSet(null, e);
                    }
                });
            }
        }
        Exception e = refused.get();
        if (e != null) {
            throw new Failure("the embedded broker did not take a record (" + e.getMessage() + ")", e);
        }
        return bytes / (double) records;
    }

    /** Empties what runs write to, and lets the group begin again. */
    void reset(String group) {
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        written().forEach(p -> all.put(p, RecordsToDelete.beforeOffset(end(p))));
        await(admin.deleteRecords(all).all());
        Map<TopicPartition, OffsetAndMetadata> beginning = new HashMap<>();
        raw().forEach(p -> beginning.put(p, new OffsetAndMetadata(0)));
        await(admin.alterConsumerGroupOffsets(group, beginning).all());
    }

    /** Whether the group has committed everything on the raw topic. */
    boolean isConsumed(String group) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        return raw().stream()
                .allMatch(p -> committed.containsKey(p) && committed.get(p).offset() >= end(p));
    }

    private long end(TopicPartition partition) {
        return await(admin.listOffsets(Map.of(partition, OffsetSpec.latest())).partitionResult(partition))
                .offset();
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(TIMEOUT_S, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw silent(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static Failure silent(Exception e) {
        return new Failure("the embedded broker does not answer: " + e, e);
    }

    private static Failure interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Failure("interrupted while waiting for the embedded broker", e);
    }

    @Override
    public void close() {
        admin.close();
    }
}
