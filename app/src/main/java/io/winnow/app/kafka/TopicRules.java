package io.winnow.app.kafka;

import io.winnow.core.topic.StreamTopics;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** What must be true of a stream's topics, wherever they came from. */
final class TopicRules {
    private final StreamTopics topics;
    private final BiFunction<String, String, String> settings;
    private final List<String> problems = new ArrayList<>();

    private TopicRules(StreamTopics topics, BiFunction<String, String, String> settings) {
        this.topics = topics;
        this.settings = settings;
    }

    /**
     * What is wrong, each with what to change; empty if all is well.
     *
     * @param settings (topic, setting) to its value in force
     */
    static List<String> problems(StreamTopics topics, BiFunction<String, String, String> settings) {
        TopicRules rules = new TopicRules(topics, settings);
        rules.check();
        return rules.problems;
    }

    private void check() {
        long needed = number(topics.raw(), "max.message.bytes") + StreamTopicPlan.HEADER_ROOM;
        for (String topic : List.of(topics.clean(), topics.quarantine())) {
            if (number(topic, "max.message.bytes") < needed) {
                set(topic, "max.message.bytes", "" + needed, "it must hold raw's largest record and 64 KiB of headers");
            }
            if (number(topic, "message.timestamp.after.max.ms") != Long.MAX_VALUE) {
                set(
                        topic,
                        "message.timestamp.after.max.ms",
                        "" + Long.MAX_VALUE,
                        "raw's timestamps are kept whatever they say");
            }
        }
        for (String topic : List.of(topics.raw(), topics.clean(), topics.quarantine())) {
            if (settings.apply(topic, "cleanup.policy").contains("compact")) {
                set(topic, "cleanup.policy", "delete", "compaction would lose records");
            }
        }
        for (String topic : List.of(topics.profiles(), topics.models(), topics.leases())) {
            if (!settings.apply(topic, "cleanup.policy").equals("compact")) {
                set(topic, "cleanup.policy", "compact", "it must never expire");
            }
        }
        for (String topic : List.of(topics.decisions(), topics.promotions(), topics.audit())) {
            if (number(topic, "retention.ms") >= 0) {
                set(topic, "retention.ms", "-1", "it is kept for ever");
            }
        }
        if (!settings.apply(topics.leases(), "message.timestamp.type").equals("LogAppendTime")) {
            set(
                    topics.leases(),
                    "message.timestamp.type",
                    "LogAppendTime",
                    "the broker's clock decides whether a job is silent");
        }
        long raw = number(topics.raw(), "retention.ms");
        long quarantine = number(topics.quarantine(), "retention.ms");
        if (quarantine >= 0 && (raw < 0 || quarantine < raw)) {
            set(topics.quarantine(), "retention.ms", "" + raw, "quarantined records are kept at least as long as raw");
        }
    }

    private void set(String topic, String setting, String value, String why) {
        problems.add("topic " + topic + ": " + setting + " is " + settings.apply(topic, setting) + ", set it to "
                + value + " (" + why + ")");
    }

    private long number(String topic, String setting) {
        String value = settings.apply(topic, setting);
        return value.isEmpty() ? -1 : Long.parseLong(value);
    }
}
