package io.winnow.monitoring.ledger.live;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Kafka clients of the ledger. Of the stream's own topics they keep neither keys nor values, and hand on one small record for
 * each poll and partition: that is most of the ledger's speed, and Streams buffers records by number, of which a thousand of
 * 4 MiB would be 4 GiB.
 */
final class LedgerClients implements KafkaClientSupplier {
    private static final byte[] NOTHING = {};

    private final Skim skim;
    private final Set<String> skimmed;

    LedgerClients(Skim skim) {
        this.skim = skim;
        this.skimmed = skim.topics();
    }

    private final class Values implements Deserializer<byte[]> {
        private final ByteArrayDeserializer whole = new ByteArrayDeserializer();

        @Override
        public byte @Nullable [] deserialize(String topic, byte[] data) {
            return skimmed.contains(topic) ? NOTHING : data;
        }

        @Override
        public byte @Nullable [] deserialize(String topic, Headers headers, ByteBuffer data) {
            return skimmed.contains(topic) ? NOTHING : whole.deserialize(topic, headers, data);
        }
    }

    private final class Skimming extends KafkaConsumer<byte[], byte[]> {
        Skimming(Map<String, Object> config) {
            super(config, new Values(), new Values());
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            ConsumerRecords<byte[], byte[]> polled = super.poll(timeout);
            Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> kept = new HashMap<>();
            for (TopicPartition tp : polled.partitions()) {
                List<ConsumerRecord<byte[], byte[]>> records = polled.records(tp);
                kept.put(tp, skimmed.contains(tp.topic()) ? List.of(skim.skim(records)) : records);
            }
            return new ConsumerRecords<>(kept, polled.nextOffsets());
        }
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new Skimming(config);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return getRestoreConsumer(config);
    }
}
