package io.winnow.hygiene.kafka;

import io.winnow.hygiene.record.Delivery;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Writes a delivery to raw's partition number, with raw's timestamp. */
final class DeliverySchema implements KafkaRecordSerializationSchema<Delivery> {
    private static final long serialVersionUID = 1;

    private final String topic;

    DeliverySchema(String topic) {
        this.topic = topic;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            Delivery delivery, KafkaSinkContext context, @Nullable Long timestamp) {
        return record(topic, delivery);
    }

    /** A delivery as a record of a topic. */
    static ProducerRecord<byte[], byte[]> record(String topic, Delivery delivery) {
        String[] names = delivery.headerNames();
        Header[] headers = new Header[names.length];
        for (int i = 0; i < names.length; i++) {
            headers[i] = new RecordHeader(names[i], delivery.headerValues()[i]);
        }
        // Records of the oldest message format have no time (−1), which a producer refuses: now is when they arrived.
        Long time = delivery.timestamp() < 0 ? null : Long.valueOf(delivery.timestamp());
        return new ProducerRecord<>(
                topic, delivery.partition(), time, delivery.key(), delivery.value(), new RecordHeaders(headers));
    }
}
