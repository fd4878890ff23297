package io.winnow.trainer;

import io.winnow.core.model.Baselines;
import io.winnow.core.model.ModelCard;
import io.winnow.core.model.OffsetRange;
import io.winnow.core.model.Slices;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A stream's model topics in memory: what is produced can be consumed. */
public final class ModelTopics {
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final Map<String, Long> ends = new HashMap<>();
    private Runnable beforeSend = () -> {};
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                @Override
                public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
                    beforeSend.run();
                    Future<RecordMetadata> sent = super.send(record);
                    if (ends.containsKey(record.topic())) {
                        add(record.topic(), record.value());
                    }
                    return sent;
                }
            };

    /** Empty topics of this stream. */
    public ModelTopics(String stream) {
        List<TopicPartition> partitions =
                List.of(new TopicPartition(stream + ".models", 0), new TopicPartition(stream + ".promotions", 0));
        consumer.assign(partitions);
        for (TopicPartition p : partitions) {
            ends.put(p.topic(), 0L);
            consumer.updatePartitions(
                    p.topic(), List.of(new PartitionInfo(p.topic(), 0, Node.noNode(), new Node[0], new Node[0])));
            consumer.updateBeginningOffsets(Map.of(p, 0L));
            consumer.updateEndOffsets(Map.of(p, 0L));
        }
    }

    /** Appends a record. */
    public synchronized void add(String topic, byte[] value) {
        long offset = ends.merge(topic, 1L, Long::sum) - 1;
        consumer.addRecord(new ConsumerRecord<>(topic, 0, offset, new byte[0], value));
        consumer.updateEndOffsets(Map.of(new TopicPartition(topic, 0), offset + 1));
    }

    /** What happens between the decision to send a record and its arrival. */
    public void beforeSend(Runnable action) {
        beforeSend = action;
    }

    /** Reads them. */
    public MockConsumer<byte[], byte[]> consumer() {
        return consumer;
    }

    /** Writes them. */
    public MockProducer<byte[], byte[]> producer() {
        return producer;
    }

    /** A card of stream s. */
    public static ModelCard card(String id) {
        return new ModelCard(
                id,
                "s",
                "2026-01-31T12:00:00Z",
                ModelCard.MAE,
                1.5,
                new Baselines(2.5, 2, null),
                null,
                1_000,
                200,
                Slices.NONE,
                List.of(new OffsetRange(0, 0, 1_000)),
                List.of(),
                "a".repeat(64),
                1,
                null,
                "0.1.0",
                Map.of("hidden", "128"),
                "b".repeat(64),
                id);
    }
}
