package io.winnow.monitoring.ledger.live;

import io.winnow.core.topic.StreamTopics;
import io.winnow.monitoring.ledger.Side;
import io.winnow.monitoring.ledger.Sighting;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Makes one record of the many that a poll returns from a partition of raw, clean or quarantine: all that the ledger reads. */
final class Skim {
    private static final byte[] NOTHING = {};
    /** An id may name a partition that raw has just got, but not any number. */
    private static final int MORE_PARTITIONS = 256;

    private final StreamTopics topics;
    private final Horizons horizons;

    Skim(StreamTopics topics, Horizons horizons) {
        this.topics = topics;
        this.horizons = horizons;
    }

    /** The topics whose records it skims. */
    Set<String> topics() {
        return Set.of(topics.raw(), topics.clean(), topics.quarantine());
    }

    /**
     * One record in the place of the first of these, which holds what all of them tell. Of the first: while a record waits,
     * Streams commits its offset as the place to go on from, and none of the batch may lie before that.
     *
     * @param records of one partition, in order, at least one
     */
    ConsumerRecord<byte[], byte[]> skim(List<ConsumerRecord<byte[], byte[]>> records) {
        Batch batch = new Batch();
        for (ConsumerRecord<byte[], byte[]> r : records) {
            if (r.topic().equals(topics.raw())) {
                batch.raw(r.partition(), r.offset());
                continue;
            }
            Sighting s = Sighting.of(r.headers(), topics.raw());
            if (s != null && s.partition() < horizons.partitions() + MORE_PARTITIONS) {
                batch.sighted(
                        r.topic().equals(topics.clean()) ? Side.CLEAN : Side.QUARANTINE,
                        s.partition() == r.partition() ? r.offset() : -1,
                        s);
            }
        }
        ConsumerRecord<byte[], byte[]> first = records.get(0);
        return new ConsumerRecord<>(
                first.topic(),
                first.partition(),
                first.offset(),
                first.timestamp(),
                first.timestampType(),
                0,
                0,
                NOTHING,
                batch.encode(),
                new RecordHeaders(),
                first.leaderEpoch());
    }
}
