package io.winnow.app.system;

import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends to the mill's raw topic and reads what became of it, as any Kafka client would. */
final class MillTopics {
    private static final Duration POLL = Duration.ofMillis(100);

    private final Map<String, String> kafka;

    MillTopics(Map<String, String> kafka) {
        this.kafka = kafka;
    }

    /** Sends values in order; each with the id that its record has. */
    Map<RecordId, Mill.Value> send(List<Mill.Value> values) throws Exception {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("max.request.size", 4 << 20);
        settings.put("linger.ms", 5);
        Map<RecordId, Mill.Value> sent = new LinkedHashMap<>();
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> acknowledged = new ArrayList<>();
            for (Mill.Value value : values) {
                acknowledged.add(producer.send(new ProducerRecord<>("mill.raw", value.bytes())));
            }
            for (int i = 0; i < values.size(); i++) {
                RecordMetadata at = acknowledged.get(i).get();
                sent.put(new RecordId(at.topic(), at.partition(), at.offset()), values.get(i));
            }
        }
        return sent;
    }

    /** Sends labels that come later than their rows. */
    void label(List<byte[]> labels) {
        try (var producer = new KafkaProducer<>(
                new HashMap<String, Object>(kafka), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (byte[] label : labels) {
                var unused = producer.send(new ProducerRecord<>("mill.labels", label));
            }
            producer.flush();
        }
    }

    /**
     * Reads topics from their beginning under read_committed until what was read will do.
     *
     * @throws AssertionError if that takes longer than {@code atMost}
     */
    List<ConsumerRecord<byte[], byte[]>> read(
            Duration atMost, Predicate<List<ConsumerRecord<byte[], byte[]>>> enough, String... topics) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        read(atMost, records::add, () -> enough.test(records), topics);
        return records;
    }

    /** The same, of more records than can be kept: each is handed over. */
    void read(
            Duration atMost, Consumer<ConsumerRecord<byte[], byte[]>> sink, BooleanSupplier enough, String... topics) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (String topic : topics) {
                consumer.partitionsFor(topic)
                        .forEach(p -> partitions.add(new TopicPartition(p.topic(), p.partition())));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long read = 0;
            long deadline = System.nanoTime() + atMost.toNanos();
            while (!enough.getAsBoolean()) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("only " + read + " records on " + String.join(", ", topics) + " after "
                            + atMost.toSeconds() + " s");
                }
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                read += records.count();
                records.forEach(sink);
            }
        }
    }

    /** A header as text. */
    static @Nullable String header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : DqHeaders.text(header.value());
    }
}
