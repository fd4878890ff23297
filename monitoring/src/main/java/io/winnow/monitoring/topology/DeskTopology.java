package io.winnow.monitoring.topology;

import io.winnow.core.contract.Contract;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import io.winnow.core.topic.StreamTopics;
import io.winnow.monitoring.cases.Review;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The review desk as a topology: quarantine and decisions, brought together by the raw partition inside {@code dq.id},
 * into one processor that writes releases to the clean topic.
 *
 * <pre>
 * S.quarantine ─▶ read ─┐
 *                       ├─▶ by raw partition ─▶ review (stores: cases, records) ─▶ S.clean, same partition
 * S.decisions  ─▶ read ─┘                          ▲
 * S.profiles   ─▶ follow (store: profile-line) ─────┘ to all: a change of regime begins, has ended
 *                   └─▶ S.audit: the same, as an event
 * </pre>
 *
 * <p>It has {@link #PARTITIONS} partitions of its own whatever the source topics have: a stream can grow partitions, and
 * decisions can come from any producer with any partitioner, and no case moves.
 *
 * <p><b>Size.</b> Nothing here is held in memory but RocksDB's bounded cache. On disk (state directory and changelog
 * topics alike) a case takes its record's bytes plus about 1 KiB, and stays for ever: that a record was released once is
 * what keeps it from being released again. A million cases of 500 bytes are about 1.5 GiB in each. Lists, counts and due
 * releases are range scans, so a page costs the same with ten cases as with ten million.
 */
public final class DeskTopology {
    /** Partitions of the desk's own topics and stores. A change needs an application reset: it is part of the format. */
    public static final int PARTITIONS = 4;

    /** Chooses the partition of the clean topic. */
    @FunctionalInterface
    interface Route {
        /** The partition for this key on a topic with so many. */
        int of(RoutedKey key, String topic, int partitions);
    }

    private DeskTopology() {}

    /**
     * Builds it.
     *
     * @param contract the stream's contract
     * @param review the law of the desk
     * @param unreadable counts what could not be read on a topic, and returns how many there are now
     */
    public static Topology build(Contract contract, Review review, ToLongFunction<String> unreadable) {
        return build(contract, review, unreadable, RoutedKey::checked);
    }

    /** The same with a route of one's own: the test driver's topics have one partition each, whatever goes there. */
    static Topology build(Contract contract, Review review, ToLongFunction<String> unreadable, Route route) {
        StreamTopics topics = StreamTopics.of(contract);
        Serde<byte[]> bytes = Serdes.ByteArray();
        Consumed<byte[], byte[]> source = Consumed.with(bytes, bytes)
                // A record without a timestamp must not stop the desk.
                .withTimestampExtractor((record, time) -> Math.max(0, record.timestamp()));
        StreamsBuilder builder = new StreamsBuilder();
        KStream<RecordId, DeskEvent> arrived = builder.stream(topics.quarantine(), source.withName("quarantine"))
                .process(() -> Intake.ofQuarantine(topics.raw(), unreadable::applyAsLong), Named.as("read-quarantine"));
        KStream<RecordId, DeskEvent> decided = builder.stream(topics.decisions(), source.withName("decisions"))
                .process(() -> Intake.ofDecisions(topics.raw(), unreadable::applyAsLong), Named.as("read-decisions"));
        // A repartition of its own: with one task for all sources, their partitions could not grow.
        KStream<RecordId, DeskEvent> followed = builder.stream(topics.profiles(), source.withName("profiles"))
                .process(following(contract.hash(), topics.raw()), Named.as("follow-profiles"));
        followed.process(() -> new RegimeAudit(contract.stream()), Named.as("audit-regime"))
                .to(topics.audit(), Produced.with(bytes, bytes).withName("audit"));
        KStream<RecordId, DeskEvent> changes =
                followed.repartition(Repartitioned.<RecordId, DeskEvent>as("regime-changes")
                        .withKeySerde(idSerde())
                        .withValueSerde(DeskEvent.serde())
                        .withNumberOfPartitions(PARTITIONS)
                        .withStreamPartitioner((topic, id, event, n) ->
                                Optional.of(IntStream.range(0, n).boxed().collect(Collectors.toSet()))));
        arrived.merge(decided, Named.as("events"))
                .repartition(Repartitioned.<RecordId, DeskEvent>as("by-raw-partition")
                        .withKeySerde(idSerde())
                        .withValueSerde(DeskEvent.serde())
                        .withNumberOfPartitions(PARTITIONS)
                        .withStreamPartitioner((topic, id, event, n) -> Optional.of(Set.of(id.partition() % n))))
                .merge(changes, Named.as("all-events"))
                .process(reviewing(contract, review, topics.raw()), Named.as("review"))
                .to(
                        topics.clean(),
                        Produced.with(RoutedKey.serde(), bytes)
                                .withName("clean")
                                .withStreamPartitioner(
                                        (topic, key, value, n) -> Optional.of(Set.of(route.of(key, topic, n)))));
        return builder.build();
    }

    private static ProcessorSupplier<byte[], byte[], RecordId, DeskEvent> following(String contract, String rawTopic) {
        return new ProcessorSupplier<>() {
            @Override
            public ProfileIntake get() {
                return new ProfileIntake(contract, rawTopic);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return Set.of(store(ProfileIntake.STORE));
            }
        };
    }

    private static ProcessorSupplier<RecordId, DeskEvent, RoutedKey, byte[]> reviewing(
            Contract contract, Review review, String rawTopic) {
        return new ProcessorSupplier<>() {
            @Override
            public CaseProcessor get() {
                return new CaseProcessor(contract, review, rawTopic);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return Set.of(store(CaseTable.CASES), store(CaseTable.RECORDS));
            }
        };
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray());
    }

    private static Serde<RecordId> idSerde() {
        return Serdes.serdeFrom(
                (topic, id) -> DqHeaders.text(id.toString()), (topic, text) -> RecordId.parse(DqHeaders.text(text)));
    }
}
