package io.winnow.monitoring.ledger.live;

import io.winnow.core.topic.StreamTopics;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The ledger as a topology.
 *
 * <pre>
 * S.raw        ─▶ offsets ─┐
 * S.clean      ─▶ ids ─────┼─▶ by raw partition ─▶ accounts (store: accounts) ─▶ board
 * S.quarantine ─▶ ids ─────┘                          ▲
 * brokers      ─▶ horizons ───────────────────────────┘
 * </pre>
 *
 * <p>What it reads are batches: {@link Skim} makes one of all that a poll returns from a partition.
 *
 * <p>Routed by the raw partition inside {@code dq.id}: no producer's partitioner is trusted, and any of the three topics may
 * have more partitions than another, or grow.
 */
final class LedgerTopology {
    /** Partitions of the ledger's own topics. A change needs an application reset: it is part of the format. */
    static final int PARTITIONS = 4;

    static final String ROUTED = "by-raw-partition";

    private LedgerTopology() {}

    static Topology build(String stream, int partitions, Horizons horizons, Board board) {
        StreamTopics topics = new StreamTopics(stream);
        StreamsBuilder builder = new StreamsBuilder();
        read(builder, topics.raw(), "raw")
                .merge(read(builder, topics.clean(), "clean"))
                .merge(read(builder, topics.quarantine(), "quarantine"))
                .repartition(Repartitioned.<Integer, byte[]>as(ROUTED)
                        .withKeySerde(Serdes.Integer())
                        .withValueSerde(Serdes.ByteArray())
                        .withNumberOfPartitions(partitions)
                        .withStreamPartitioner((topic, partition, entries, n) -> Optional.of(Set.of(partition % n))))
                .process(keeping(partitions, horizons, board), Named.as("account"));
        return builder.build();
    }

    private static KStream<Integer, byte[]> read(StreamsBuilder builder, String topic, String name) {
        Serde<byte[]> bytes = Serdes.ByteArray();
        return builder.stream(
                        topic,
                        Consumed.with(bytes, bytes)
                                // A record without a timestamp must not stop the ledger.
                                .withTimestampExtractor((record, time) -> Math.max(0, record.timestamp()))
                                .withName(name))
                .process(Intake::new, Named.as("read-" + name));
    }

    private static ProcessorSupplier<Integer, byte[], Void, Void> keeping(
            int partitions, Horizons horizons, Board board) {
        return new ProcessorSupplier<>() {
            @Override
            public AccountProcessor get() {
                return new AccountProcessor(partitions, horizons, board);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return Set.of(Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(AccountProcessor.STORE),
                                Serdes.Bytes(),
                                Serdes.ByteArray())
                        .withCachingEnabled());
            }
        };
    }
}
