package io.winnow.hygiene.kafka;

import io.winnow.core.contract.Contract;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.StreamTopics;
import io.winnow.hygiene.ContractText;
import io.winnow.hygiene.HygieneConfig;
import io.winnow.hygiene.judge.JudgeRules;
import io.winnow.hygiene.judge.RecordJudge;
import io.winnow.hygiene.profile.ProfileChannel;
import io.winnow.hygiene.record.RawRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Judges single raw records again, by the newest profile and with the job's own code, and writes their verdicts in one
 * transaction. Opening it ends any other replay of the stream, whose open transaction is aborted: whoever looks after that
 * which records have a verdict, and then writes the rest, doubles none.
 */
public final class Replay implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TRANSACTION_MILLIS = 15 * 60 * 1_000;
    /** Records before one that it is compared with, where the contract asks for it; a key's last row lies among them. */
    private static final long CONTEXT = 10_000;
    /** {@link DqHeaders#REPLAYED} comes on top of the job's headers. */
    private static final int HEADER_BYTES = 64;

    private final HygieneConfig config;
    private final StreamTopics topics;
    private final Profile profile;
    private final JudgeRules rules;
    private final Clock clock;
    private final KafkaProducer<byte[], byte[]> producer;

    /**
     * What was written.
     *
     * @param profile hash of the profile that judged
     */
    public record Written(long clean, long quarantined, String profile) {}

    private Replay(HygieneConfig config, Profile profile, ClusterLimits limits, Clock clock) {
        this.config = config;
        this.topics = StreamTopics.of(config.contract());
        this.profile = profile;
        this.clock = clock;
        this.rules = new JudgeRules(
                ContractText.of(config.contract()),
                1,
                Math.max(JudgeRules.SMALLEST_TOPIC_BYTES, limits.cleanBytes() - HEADER_BYTES),
                Math.max(JudgeRules.SMALLEST_TOPIC_BYTES, limits.quarantineBytes() - HEADER_BYTES),
                config.sideDirectory().toString());
        Map<String, Object> settings = new HashMap<>();
        KafkaEnds.cleanProducer(config, limits).forEach((key, value) -> settings.put(String.valueOf(key), value));
        settings.put("transactional.id", "winnow-" + topics.stream() + "-replay");
        settings.put("transaction.timeout.ms", Math.min(TRANSACTION_MILLIS, limits.transactionTimeoutMillis()));
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
    }

    /**
     * Gets ready to write.
     *
     * @param config of the stream's job; its parallelism, interval and seed do not matter
     * @throws io.winnow.hygiene.HygieneStartException if the cluster cannot take it
     * @throws IllegalArgumentException if there is no profile to judge by
     */
    public static Replay open(HygieneConfig config, Clock clock) {
        ClusterLimits limits = Preflight.check(config);
        Contract contract = config.contract();
        String topic = StreamTopics.of(contract).profiles();
        ProfileChannel.Published newest;
        try (ProfileChannel.Reader reader = new KafkaProfileChannel(config.kafka(), topic).reader(contract.hash())) {
            newest = reader.newest();
        }
        if (newest == null) {
            throw new IllegalArgumentException("there is no profile of this contract on " + topic
                    + " to judge by; run the hygiene job first, or give the contract that it ran with");
        }
        return new Replay(config, newest.profile(), limits, clock);
    }

    /**
     * Judges records and writes their verdicts: all of them, or none.
     *
     * @param wanted offsets by raw partition
     * @throws IllegalArgumentException if one of them is no record (any more)
     * @throws KafkaException if the verdicts cannot be written
     */
    public Written write(SortedMap<Integer, NavigableSet<Long>> wanted) {
        producer.beginTransaction();
        try {
            long[] written = new long[2];
            wanted.forEach((partition, offsets) -> judge(partition, offsets, written));
            producer.commitTransaction();
            return new Written(written[0], written[1], profile.hash());
        } catch (ProducerFencedException e) {
            throw new IllegalArgumentException(
                    "another replay of " + topics.stream() + " was started meanwhile; this one wrote nothing", e);
        } catch (RuntimeException e) {
            producer.abortTransaction();
            throw e;
        }
    }

    private void judge(int partition, NavigableSet<Long> wanted, long[] written) {
        TopicPartition tp = new TopicPartition(topics.raw(), partition);
        RecordJudge judge = new RecordJudge(rules, profile);
        long before = config.contract().contextPerKey() ? CONTEXT : 0;
        try (Consumer<byte[], byte[]> consumer =
                Clients.consumer(config.kafka(), Map.of("isolation.level", "read_committed"))) {
            consumer.assign(List.of(tp));
            long start = consumer.beginningOffsets(List.of(tp), PATIENCE).getOrDefault(tp, 0L);
            Long next = wanted.first();
            consumer.seek(tp, Math.max(start, next - before));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (next != null) {
                List<ConsumerRecord<byte[], byte[]>> polled =
                        consumer.poll(POLL).records(tp);
                if (polled.isEmpty() && System.nanoTime() > deadline) {
                    throw new TimeoutException(tp + " gave nothing for " + PATIENCE.toSeconds() + " s");
                }
                deadline = polled.isEmpty() ? deadline : System.nanoTime() + PATIENCE.toNanos();
                for (ConsumerRecord<byte[], byte[]> record : polled) {
                    if (next != null && record.offset() == next) {
                        send(judge.judge(raw(record)), written);
                        next = wanted.higher(next);
                    } else if (before > 0) {
                        judge.remember(raw(record));
                    }
                }
                long at = consumer.position(tp, PATIENCE);
                if (next != null && next < at) {
                    throw new IllegalArgumentException(topics.raw() + "/" + partition + "/" + next
                            + " is no record (any more); nothing is written");
                }
                if (next != null && next - before > at) {
                    consumer.seek(tp, next - before);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void send(RecordJudge.Judged judged, long[] written) {
        boolean clean = judged.reason() == null;
        ProducerRecord<byte[], byte[]> record =
                DeliverySchema.record(clean ? topics.clean() : topics.quarantine(), judged.delivery());
        record.headers().add(DqHeaders.REPLAYED, DqHeaders.text(clock.instant().toString()));
        producer.send(record);
        written[clean ? 0 : 1]++;
    }

    private static RawRecord raw(ConsumerRecord<byte[], byte[]> record) {
        List<RawRecord> out = new ArrayList<>(1);
        new RawSchema().deserialize(record, new Collector<>() {
            @Override
            public void collect(RawRecord raw) {
                out.add(raw);
            }

            @Override
            public void close() {}
        });
        return out.get(0);
    }

    @Override
    public void close() {
        producer.close();
    }
}
