package io.winnow.hygiene.lease;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code S.leases} on Kafka: one partition, so that its records have one order. For one thread. */
final class LeaseLog implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(LeaseLog.class);
    private static final byte[] KEY = "lease".getBytes(StandardCharsets.US_ASCII);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final TopicPartition partition;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /** Takes what is read. */
    interface Reader {
        /** The next record, and when the broker appended it. */
        void see(LeaseRecord record, long brokerMillis);
    }

    /**
     * Opens the log at its beginning.
     *
     * @throws KafkaException if the properties make no client
     */
    LeaseLog(Map<String, String> kafka, String topic) {
        partition = new TopicPartition(topic, 0);
        Map<String, Object> writing = new HashMap<>(kafka);
        writing.put("acks", "all");
        writing.put("enable.idempotence", "true");
        writing.put("linger.ms", "0");
        writing.put("max.block.ms", "2000");
        writing.put("request.timeout.ms", "3000");
        writing.put("delivery.timeout.ms", "6000");
        writing.remove("transactional.id");
        producer = new KafkaProducer<>(writing, new ByteArraySerializer(), new ByteArraySerializer());
        Map<String, Object> reading = new HashMap<>(kafka);
        reading.put("enable.auto.commit", "false");
        reading.put("auto.offset.reset", "earliest");
        reading.put("allow.auto.create.topics", "false");
        reading.put("isolation.level", "read_uncommitted");
        reading.put("fetch.max.wait.ms", "500");
        reading.remove("group.id");
        try {
            consumer = new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    /**
     * Makes the topic if it is not there.
     *
     * @throws KafkaException if Kafka does not answer or refuses
     */
    static void ensureTopic(Map<String, String> kafka, String topic) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("default.api.timeout.ms", "" + PATIENCE.toMillis());
        settings.put("request.timeout.ms", "" + PATIENCE.toMillis() / 2);
        try (Admin admin = Admin.create(settings)) {
            if (!admin.listTopics()
                    .names()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .contains(topic)) {
                admin.createTopics(Set.of(new NewTopic(topic, 1, (short) -1).configs(LeaseTopic.SETTINGS)))
                        .all()
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (ExecutionException e) {
            // Two starts at once make it at once.
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new KafkaException("topic " + topic + " cannot be made: " + e.getCause(), e.getCause());
            }
        } catch (TimeoutException e) {
            throw new KafkaException("topic " + topic + " cannot be looked up in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }

    /** Whether all is read that was there when this was asked. */
    boolean isReadUp() {
        return consumer.position(partition, PATIENCE)
                >= consumer.endOffsets(List.of(partition), PATIENCE).getOrDefault(partition, 0L);
    }

    /** Reads what is there, waiting for it if there is nothing. */
    void poll(Duration patience, Reader reader) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
            if (record.value() != null) {
                LeaseRecord.decode(record.value()).ifPresent(r -> reader.see(r, record.timestamp()));
            }
        }
    }

    /** Appends a record at some time; one that does not get there is followed by others, or by silence. */
    void append(LeaseRecord record) {
        try {
            producer.send(new ProducerRecord<>(partition.topic(), 0, KEY, record.encode()), (metadata, failure) -> {
                if (failure != null) {
                    LOGGER.warn("{} was not written to {}: {}", record.kind(), partition.topic(), failure.toString());
                }
            });
        } catch (KafkaException e) {
            LOGGER.warn("{} was not written to {}: {}", record.kind(), partition.topic(), e.toString());
        }
    }

    /** Writes what is under way, within a second or two, and lets go. */
    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
        consumer.close();
    }
}
