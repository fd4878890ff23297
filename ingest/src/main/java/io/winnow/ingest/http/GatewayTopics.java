package io.winnow.ingest.http;

import io.winnow.core.topic.StreamTopics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics that a gateway writes: {@code S.raw}, which must be there, and {@code S.requests}, which it makes. */
final class GatewayTopics implements AutoCloseable {
    private static final long TIMEOUT_S = 30;
    /** A broker that has just come may not know for a moment what topics there are. */
    private static final long KNOWN_S = 3;

    private static final long AGAIN_MS = 50;
    /** For how long a client is remembered at least, unless too many others come. */
    private static final long KEPT_MS = TimeUnit.DAYS.toMillis(7);

    private final Admin admin;
    private final String where;

    /**
     * One stream's.
     *
     * @param raw the topic of its records
     * @param requests the topic of each client's last request
     * @param recordBytes key and value together that raw takes
     */
    record Of(String raw, String requests, int recordBytes) {}

    GatewayTopics(Map<String, String> kafka) {
        this(admin(kafka), String.valueOf(kafka.get("bootstrap.servers")));
    }

    /** With a client of its own, which it closes. */
    GatewayTopics(Admin admin, String where) {
        this.admin = admin;
        this.where = where;
    }

    private static Admin admin(Map<String, String> kafka) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TimeUnit.SECONDS.toMillis(TIMEOUT_S));
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TimeUnit.SECONDS.toMillis(TIMEOUT_S));
        return Admin.create(settings);
    }

    /**
     * Makes what is missing, and checks the rest. A topic that was just made is known to the broker that made it a moment
     * before it is known everywhere: this waits for that, and for the leaders of all partitions.
     *
     * @throws GatewayStartException if a topic is missing or does not fit, or Kafka cannot be reached
     */
    Of ensure(String stream) {
        StreamTopics topics = new StreamTopics(stream);
        awaitRaw(topics.raw());
        create(topics.requests());
        awaitLeaders(topics);
        Map<String, Config> configs = configs(topics);
        if (!value(configs, topics.requests(), TopicConfig.CLEANUP_POLICY_CONFIG)
                .contains("compact")) {
            throw problem("topic " + topics.requests()
                    + ": cleanup.policy must hold 'compact', or each client's last request is forgotten");
        }
        return new Of(
                topics.raw(),
                topics.requests(),
                recordBytes(Integer.parseInt(value(configs, topics.raw(), TopicConfig.MAX_MESSAGE_BYTES_CONFIG))));
    }

    private void awaitRaw(String raw) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(KNOWN_S);
        while (!await(admin.listTopics().names(), "list topics").contains(raw)) {
            if (System.nanoTime() > deadline) {
                throw problem("has no topic " + raw + "; start the stream with 'winnow run' first");
            }
            pause();
        }
    }

    /**
     * What is left of a batch for one record: its framing, and what a compressor adds to bytes that cannot be compressed,
     * count too.
     */
    static int recordBytes(int maxMessageBytes) {
        return Math.max(1, maxMessageBytes - 512 - maxMessageBytes / 4096);
    }

    private void create(String requests) {
        NewTopic topic = new NewTopic(requests, Optional.of(1), Optional.empty())
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        "" + KEPT_MS,
                        // What is in the newest segment is not compacted, and a start reads it all.
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        "" + (16 << 20),
                        TopicConfig.SEGMENT_MS_CONFIG,
                        "" + TimeUnit.HOURS.toMillis(1),
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        "" + (1 << 20)));
        try {
            await(admin.createTopics(List.of(topic)).all(), "create topic " + requests);
        } catch (GatewayStartException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private void awaitLeaders(StreamTopics topics) {
        List<String> names = List.of(topics.raw(), topics.requests());
        Map<String, TopicDescription> described = awaitKnown(
                () -> admin.describeTopics(names).allTopicNames(), "describe topics " + String.join(" and ", names));
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        described.forEach((name, topic) -> topic.partitions()
                .forEach(p -> ends.put(new TopicPartition(name, p.partition()), OffsetSpec.latest())));
        awaitKnown(() -> admin.listOffsets(ends).all(), "find the leaders of topics " + String.join(" and ", names));
    }

    private Map<String, Config> configs(StreamTopics topics) {
        List<ConfigResource> wanted = new ArrayList<>();
        for (String topic : Set.of(topics.raw(), topics.requests())) {
            wanted.add(new ConfigResource(ConfigResource.Type.TOPIC, topic));
        }
        Map<String, Config> configs = new HashMap<>();
        awaitKnown(
                        () -> admin.describeConfigs(wanted).all(),
                        "read the settings of topics " + topics.raw() + " and " + topics.requests())
                .forEach((resource, config) -> configs.put(resource.name(), config));
        return configs;
    }

    private static String value(Map<String, Config> configs, String topic, String setting) {
        Config config = configs.get(topic);
        return config == null || config.get(setting) == null
                ? ""
                : String.valueOf(config.get(setting).value());
    }

    /** Asks again while the broker says that it does not know a topic: the client does not do so by itself. */
    private <T> T awaitKnown(Supplier<KafkaFuture<T>> question, String what) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
        while (true) {
            try {
                return await(question.get(), what);
            } catch (GatewayStartException e) {
                if (!(e.getCause() instanceof RetriableException) || System.nanoTime() > deadline) {
                    throw e;
                }
                pause();
            }
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(AGAIN_MS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private <T> T await(KafkaFuture<T> future, String what) {
        try {
            return future.get(TIMEOUT_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new GatewayStartException(
                    "Kafka at " + where + ": cannot " + what + ": " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new GatewayStartException(
                    "Kafka at " + where + ": cannot " + what + " within " + TIMEOUT_S + " s", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private GatewayStartException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new GatewayStartException("interrupted while waiting for Kafka at " + where, e);
    }

    private GatewayStartException problem(String problem) {
        return new GatewayStartException("Kafka at " + where + " " + problem, new KafkaException(problem));
    }

    @Override
    public void close() {
        admin.close();
    }
}
