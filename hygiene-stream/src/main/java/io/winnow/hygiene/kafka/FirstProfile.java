package io.winnow.hygiene.kafka;

import io.winnow.core.contract.Contract;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.ProfileMaker;
import io.winnow.core.topic.StreamTopics;
import io.winnow.hygiene.HygieneConfig;
import io.winnow.hygiene.HygieneStartException;
import io.winnow.hygiene.profile.ProfileChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a stream's first profile before the job starts, where raw rows are already there to make it from. */
public final class FirstProfile {
    private static final Logger LOGGER = LoggerFactory.getLogger(FirstProfile.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);

    /** Rows of hostile size must not fill the memory. */
    private static final long MAX_BYTES = 64L << 20;

    private FirstProfile() {}

    /**
     * Publishes a first profile if the contract has none and the raw topic has rows.
     *
     * @throws HygieneStartException if it cannot be written
     */
    public static void ensure(HygieneConfig config) {
        Contract contract = config.contract();
        StreamTopics topics = StreamTopics.of(contract);
        KafkaProfileChannel channel = new KafkaProfileChannel(config.kafka(), topics.profiles());
        try (ProfileChannel.Reader reader = channel.reader(contract.hash())) {
            if (reader.newest() != null) {
                return;
            }
        }
        List<byte[]> rows = rows(config, topics.raw());
        if (rows.isEmpty()) {
            return;
        }
        Profile profile = ProfileMaker.first(contract, rows);
        try (ProfileChannel.Publisher publisher = channel.publisher()) {
            publisher.publish(profile);
        } catch (Exception e) {
            throw new HygieneStartException(
                    "the first profile cannot be written to " + topics.profiles() + "; check the topic's settings", e);
        }
        LOGGER.info(
                "the first profile of stream {} is made from {} rows of {}",
                contract.stream(),
                rows.size(),
                topics.raw());
    }

    /** The rows that the job will read first, up to 256, in turn from all partitions. */
    private static List<byte[]> rows(HygieneConfig config, String topic) {
        try (Consumer<byte[], byte[]> consumer = Clients.consumer(
                config.kafka(), Map.of("group.id", config.groupId(), "isolation.level", "read_committed"))) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic, PATIENCE).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
            seek(consumer, partitions, ends);
            Map<TopicPartition, List<byte[]>> found = new HashMap<>();
            long bytes = 0;
            while (!partitions.isEmpty() && bytes < MAX_BYTES) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.value() != null && bytes < MAX_BYTES) {
                        found.computeIfAbsent(new TopicPartition(topic, record.partition()), p -> new ArrayList<>())
                                .add(record.value());
                        bytes += record.value().length;
                    }
                }
                partitions = partitions.stream()
                        .filter(p -> consumer.position(p, PATIENCE) < ends.getOrDefault(p, 0L)
                                && found.getOrDefault(p, List.of()).size() < ProfileMaker.COLD_START_ROWS)
                        .toList();
                consumer.assign(partitions);
            }
            return inTurn(found.values());
        }
    }

    private static List<byte[]> inTurn(Collection<List<byte[]>> partitions) {
        List<byte[]> rows = new ArrayList<>();
        for (int i = 0; i < ProfileMaker.COLD_START_ROWS; i++) {
            for (List<byte[]> partition : partitions) {
                if (i < partition.size() && rows.size() < ProfileMaker.COLD_START_ROWS) {
                    rows.add(partition.get(i));
                }
            }
        }
        return rows;
    }

    private static void seek(
            Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, PATIENCE);
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions), PATIENCE);
        for (TopicPartition p : partitions) {
            long begin = begins.getOrDefault(p, 0L);
            long end = ends.getOrDefault(p, 0L);
            OffsetAndMetadata done = committed.get(p);
            long next = done == null ? begin : Math.max(begin, done.offset());
            // All judged already, under another contract: the newest rows are like those to come.
            consumer.seek(p, next < end ? next : Math.max(begin, end - ProfileMaker.COLD_START_ROWS));
        }
    }
}
