package io.winnow.hygiene.kafka;

import io.winnow.core.topic.StreamTopics;
import io.winnow.hygiene.HygieneConfig;
import io.winnow.hygiene.HygieneTopology;
import io.winnow.hygiene.record.Delivery;
import io.winnow.hygiene.record.RawRecord;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/** The job's ends on Kafka topics. */
public final class KafkaEnds {
    /** Measured: a request costs the broker as much as some hundred records, so that it pays to fill it. */
    private static final int BATCH_BYTES = 512 << 10;

    private static final long BUFFER_BYTES = 64L << 20;

    /** Larger fetches: measured, about 18 % more throughput. The wait bounds what they cost in latency. */
    private static final Map<String, String> FETCH = Map.of(
            "max.poll.records",
            "5000",
            "max.partition.fetch.bytes",
            String.valueOf(4 << 20),
            "fetch.min.bytes",
            String.valueOf(64 << 10),
            "fetch.max.wait.ms",
            "100");

    /** Where records are to be seen soon, no fetch waits to become large: bytes come as they are there. */
    private static final Map<String, String> PROMPT_FETCH = Map.of(
            "max.poll.records", "5000", "max.partition.fetch.bytes", String.valueOf(4 << 20), "fetch.min.bytes", "1");

    private static final String LINGER_MILLIS = "20";
    /** A transaction is seen when its checkpoint is; without one every millisecond that a batch waits counts. */
    private static final String PROMPT_LINGER_MILLIS = "5";

    private final HygieneConfig config;
    private final StreamTopics topics;
    private final ClusterLimits limits;

    private KafkaEnds(HygieneConfig config, ClusterLimits limits) {
        this.config = config;
        this.topics = StreamTopics.of(config.contract());
        this.limits = limits;
    }

    /** The ends of this stream. */
    public static HygieneTopology.Ends of(HygieneConfig config, ClusterLimits limits) {
        KafkaEnds ends = new KafkaEnds(config, limits);
        return new HygieneTopology.Ends(
                ends.raw(),
                ends.sink(ends.topics.clean(), "clean", limits.cleanBytes()),
                ends.sink(ends.topics.quarantine(), "quarantine", limits.quarantineBytes()),
                new KafkaProfileChannel(config.kafka(), ends.topics.profiles()),
                ends.decisions(),
                new KafkaRawLookup(config.kafka(), ends.topics.raw()),
                new KafkaGoAheads(config.kafka(), ends.topics.audit()));
    }

    private KafkaSource<RawRecord> raw() {
        return KafkaSource.<RawRecord>builder()
                .setTopics(topics.raw())
                .setGroupId(config.groupId())
                .setClientIdPrefix(config.groupId())
                .setStartingOffsets(OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST))
                .setDeserializer(new RawSchema())
                .setProperties(rawConsumer(config))
                .build();
    }

    private KafkaSource<byte[]> decisions() {
        // A group of its own: the other one's offsets are read as the last completed checkpoint of the raw topic.
        String group = "winnow-learn-" + config.contract().stream();
        return KafkaSource.<byte[]>builder()
                .setTopics(topics.decisions())
                .setGroupId(group)
                .setClientIdPrefix(group)
                .setStartingOffsets(OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST))
                .setDeserializer(new ValueSchema())
                .setProperties(consumer(config, Map.of()))
                .build();
    }

    /** The raw source's consumer settings: for a client that is to be measured against the job. */
    public static Properties rawConsumer(HygieneConfig config) {
        return consumer(config, config.exactlyOnce() ? FETCH : PROMPT_FETCH);
    }

    /** The clean sink's producer settings: for a client that is to be measured against the job. */
    public static Properties cleanProducer(HygieneConfig config, ClusterLimits limits) {
        return producer(config, limits, limits.cleanBytes());
    }

    private static Properties consumer(HygieneConfig config, Map<String, String> preferred) {
        return Clients.properties(
                preferred,
                config.kafka(),
                Map.of("isolation.level", "read_committed", "partition.discovery.interval.ms", "30000"));
    }

    private static Properties producer(HygieneConfig config, ClusterLimits limits, int topicBytes) {
        int largest = Math.max(limits.cleanBytes(), limits.quarantineBytes());
        return Clients.properties(
                Map.of(
                        "linger.ms", config.exactlyOnce() ? LINGER_MILLIS : PROMPT_LINGER_MILLIS,
                        // A topic's limit is for the batch, not for the record alone.
                        "batch.size", String.valueOf(Math.min(BATCH_BYTES, topicBytes)),
                        "buffer.memory", String.valueOf(Math.max(BUFFER_BYTES, 2L * largest))),
                config.kafka(),
                Map.of(
                        "acks", "all",
                        "max.request.size", String.valueOf(Math.max(largest, 1 << 20)),
                        "transaction.timeout.ms", String.valueOf(limits.transactionTimeoutMillis())));
    }

    private KafkaSink<Delivery> sink(String topic, String end, int topicBytes) {
        return KafkaSink.<Delivery>builder()
                .setBootstrapServers(config.kafka().get("bootstrap.servers"))
                .setKafkaProducerConfig(producer(config, limits, topicBytes))
                .setDeliveryGuarantee(
                        config.exactlyOnce() ? DeliveryGuarantee.EXACTLY_ONCE : DeliveryGuarantee.AT_LEAST_ONCE)
                .setTransactionalIdPrefix("winnow-" + topics.stream() + "-" + end)
                .setRecordSerializer(new DeliverySchema(topic))
                .build();
    }
}
