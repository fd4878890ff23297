package io.winnow.faults.world;

import io.winnow.faults.count.Sender;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Moves a stream that has come to rest. */
final class Nudge {
    private Nudge() {}

    /**
     * Aborts a transaction on each partition of raw. Flink commits a source's offsets only between two polls, and a poll
     * of a stream at rest takes ten seconds; it returns when there is something to pass over.
     */
    static void raw(Map<String, String> kafka, String stream) {
        try (KafkaProducer<byte[], byte[]> producer =
                Sender.producer(kafka, Map.of("transactional.id", "nudge-" + stream))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.partitionsFor(stream + ".raw")
                    .forEach(p -> producer.send(new ProducerRecord<>(p.topic(), p.partition(), null, new byte[0])));
            producer.flush();
            producer.abortTransaction();
        }
    }
}
