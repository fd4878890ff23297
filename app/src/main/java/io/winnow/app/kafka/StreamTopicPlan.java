package io.winnow.app.kafka;

import io.winnow.core.topic.StreamTopics;
import io.winnow.hygiene.lease.LeaseTopic;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The topics that one stream needs and the settings they are made with.
 *
 * @param topics their names
 * @param partitions of raw, and so of clean, quarantine, decisions and labels
 * @param rawMessageBytes {@code max.message.bytes} of raw
 * @param rawKept how long raw, clean and labels are kept; negative for ever
 * @param diskBytes what raw, clean, quarantine and labels may take together on one broker; 0 for no bound
 */
public record StreamTopicPlan(
        StreamTopics topics, int partitions, int rawMessageBytes, Duration rawKept, long diskBytes) {
    /** Room for Winnow's own headers: clean and quarantine take this much more than raw. */
    public static final int HEADER_ROOM = 64 << 10;

    private static final Duration KEPT = Duration.ofDays(7);

    /** How long quarantined records are kept: longer than raw, so that a review is never rushed. */
    private static final Duration QUARANTINE_KEPT = Duration.ofDays(30);

    private static final Duration FOR_EVER = Duration.ofMillis(-1);

    public StreamTopicPlan {
        if (partitions < 1) {
            throw new IllegalArgumentException("a stream needs at least one partition, not " + partitions);
        }
    }

    /** A plan with what Winnow chooses where nobody chose otherwise: a week of raw, values of 4 MiB. */
    public static StreamTopicPlan of(StreamTopics topics, int partitions, long diskBytes) {
        return new StreamTopicPlan(topics, partitions, EmbeddedBroker.RAW_MESSAGE_BYTES, KEPT, diskBytes);
    }

    /** The same plan where raw is there already: the other topics follow what it takes and how long it keeps it. */
    StreamTopicPlan following(int partitions, int rawMessageBytes, Duration rawKept) {
        return new StreamTopicPlan(topics, partitions, rawMessageBytes, rawKept, diskBytes);
    }

    /**
     * A topic to make.
     *
     * @param name its name
     * @param partitions how many
     * @param settings topic-level settings; everything else is the cluster's default
     */
    public record Topic(String name, int partitions, Map<String, String> settings) {
        public Topic {
            settings = Map.copyOf(settings);
        }
    }

    /** Every topic by name, raw first. */
    public Map<String, Topic> all() {
        Map<String, Topic> all = new LinkedHashMap<>();
        put(all, topics.raw(), partitions, bounded(rawKept, 0.35, rawMessageBytes));
        put(all, topics.clean(), partitions, anyTime(bounded(rawKept, 0.35, rawMessageBytes + HEADER_ROOM)));
        put(
                all,
                topics.quarantine(),
                partitions,
                anyTime(bounded(quarantineKept(), 0.2, rawMessageBytes + HEADER_ROOM)));
        put(all, topics.decisions(), partitions, forEver());
        put(all, topics.labels(), partitions, bounded(rawKept, 0.1, rawMessageBytes));
        put(all, topics.profiles(), 1, compacted());
        put(all, topics.models(), 1, compacted());
        put(all, topics.promotions(), 1, forEver());
        put(all, topics.audit(), 1, forEver());
        put(all, topics.leases(), 1, LeaseTopic.SETTINGS);
        return all;
    }

    private Duration quarantineKept() {
        if (rawKept.isNegative()) {
            return FOR_EVER;
        }
        return rawKept.compareTo(QUARANTINE_KEPT) > 0 ? rawKept : QUARANTINE_KEPT;
    }

    private static void put(Map<String, Topic> all, String name, int partitions, Map<String, String> settings) {
        all.put(name, new Topic(name, partitions, settings));
    }

    private Map<String, String> bounded(Duration kept, double share, int messageBytes) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        settings.put(TopicConfig.RETENTION_MS_CONFIG, "" + kept.toMillis());
        settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "" + messageBytes);
        if (diskBytes > 0) {
            settings.put(TopicConfig.RETENTION_BYTES_CONFIG, "" + (long) (diskBytes * share / partitions));
        }
        return settings;
    }

    /** Raw's timestamp is kept whatever it says, so the broker must not refuse one from the future. */
    private static Map<String, String> anyTime(Map<String, String> settings) {
        settings.put(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, "" + Long.MAX_VALUE);
        settings.put(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, "" + Long.MAX_VALUE);
        settings.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime");
        return settings;
    }

    private static Map<String, String> forEver() {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG,
                "" + FOR_EVER.toMillis(),
                TopicConfig.RETENTION_BYTES_CONFIG,
                "-1");
    }

    private static Map<String, String> compacted() {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                "" + (1 << 20));
    }
}
