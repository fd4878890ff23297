package io.winnow.app.kafka;

import io.winnow.app.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the topics that a stream lacks and checks those it has, on any Kafka cluster. What was there before is never
 * changed but for one thing that cannot hurt: clean and quarantine grow to raw's partitions.
 */
public final class StreamTopicsSetup {
    private static final long TIMEOUT_S = 20;

    private final Admin admin;
    private final String where;

    private StreamTopicsSetup(Admin admin, String where) {
        this.admin = admin;
        this.where = where;
    }

    /**
     * Makes and checks the topics of these streams.
     *
     * @param kafka client settings
     * @throws Failure if the cluster cannot be reached, or a topic cannot serve; the line says what to change
     */
    public static void ensure(Map<String, String> kafka, List<StreamTopicPlan> plans) {
        withAdmin(kafka, setup -> plans.forEach(setup::ensure));
    }

    /**
     * Asks a cluster for a sign of life: other clients would try for minutes.
     *
     * @param kafka client settings
     * @throws Failure if there is none within seconds
     */
    public static void reach(Map<String, String> kafka) {
        withAdmin(kafka, setup -> setup.await(setup.admin.describeCluster().clusterId(), "ask for its name"));
    }

    private static void withAdmin(Map<String, String> kafka, Consumer<StreamTopicsSetup> work) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "8000");
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        String where = String.valueOf(kafka.get("bootstrap.servers"));
        try (Admin admin = Admin.create(settings)) {
            work.accept(new StreamTopicsSetup(admin, where));
        } catch (KafkaException e) {
            throw unreachable(where, e);
        }
    }

    /** What to say where Kafka does not answer. */
    public static Failure unreachable(String where, Throwable cause) {
        String why = cause.getCause() != null && cause.getCause().getMessage() != null
                ? cause.getCause().getMessage()
                : String.valueOf(cause.getMessage());
        return new Failure(
                "Kafka at " + where + " does not answer as it should ("
                        + why.lines().findFirst().orElse("")
                        + "); check the address, that the broker runs, and the kafka: settings",
                cause);
    }

    private void ensure(StreamTopicPlan wanted) {
        Set<String> existing = await(admin.listTopics().names(), "list topics");
        StreamTopicPlan plan = existing.contains(wanted.topics().raw()) ? following(wanted) : wanted;
        Map<String, StreamTopicPlan.Topic> all = plan.all();
        List<NewTopic> missing = all.values().stream()
                .filter(topic -> !existing.contains(topic.name()))
                .map(topic -> new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty())
                        .configs(topic.settings()))
                .toList();
        create(missing);
        grow(plan, existing);
        awaitLeaders(all.values());
        if (missing.size() < all.size()) {
            check(plan, all.keySet());
        }
    }

    private StreamTopicPlan following(StreamTopicPlan plan) {
        String raw = plan.topics().raw();
        Config config = configs(Set.of(raw)).get(raw);
        return plan.following(
                Objects.requireNonNull(describe(Set.of(raw)).get(raw))
                        .partitions()
                        .size(),
                Integer.parseInt(value(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG)),
                Duration.ofMillis(Long.parseLong(value(config, TopicConfig.RETENTION_MS_CONFIG))));
    }

    private void create(List<NewTopic> missing) {
        admin.createTopics(missing).values().forEach((name, created) -> {
            try {
                await(created, "create topic " + name);
            } catch (Failure e) {
                // Another part of Winnow may have made it in the meantime.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        });
    }

    private void grow(StreamTopicPlan plan, Set<String> existing) {
        int rawPartitions = plan.partitions();
        Set<String> names =
                new HashSet<>(List.of(plan.topics().clean(), plan.topics().quarantine()));
        names.retainAll(existing);
        Map<String, NewPartitions> more = new HashMap<>();
        describe(names).forEach((name, description) -> {
            if (description.partitions().size() < rawPartitions) {
                more.put(name, NewPartitions.increaseTo(rawPartitions));
            }
        });
        admin.createPartitions(more)
                .values()
                .forEach((name, grown) -> await(grown, "grow topic " + name + " to " + rawPartitions + " partitions"));
    }

    /** A partition is writable once it has a leader, a moment after it was made. */
    private void awaitLeaders(Collection<StreamTopicPlan.Topic> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (StreamTopicPlan.Topic topic : topics) {
            for (int p = 0; p < topic.partitions(); p++) {
                partitions.add(new TopicPartition(topic.name(), p));
            }
        }
        try {
            Leaders.await(admin, partitions, Duration.ofSeconds(TIMEOUT_S));
        } catch (ExecutionException e) {
            throw refused(e, "find the leaders of its topics");
        } catch (TimeoutException e) {
            throw unreachable(where, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private Map<String, TopicDescription> describe(Set<String> names) {
        return await(admin.describeTopics(names).allTopicNames(), "describe topics");
    }

    private void check(StreamTopicPlan plan, Set<String> names) {
        Map<String, Config> configs = configs(names);
        List<String> problems =
                TopicRules.problems(plan.topics(), (topic, setting) -> value(configs.get(topic), setting));
        if (!problems.isEmpty()) {
            throw new Failure("Kafka at " + where + ": " + String.join("; ", problems));
        }
    }

    private Map<String, Config> configs(Set<String> topics) {
        List<ConfigResource> resources = topics.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<String, Config> configs = new HashMap<>();
        await(admin.describeConfigs(resources).all(), "read topic settings")
                .forEach((resource, config) -> configs.put(resource.name(), config));
        return configs;
    }

    /** A setting in force; empty where the cluster does not know it. */
    private static String value(@Nullable Config config, String setting) {
        return config == null || config.get(setting) == null
                ? ""
                : String.valueOf(config.get(setting).value());
    }

    private <T> T await(KafkaFuture<T> future, String what) {
        try {
            return future.get(TIMEOUT_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw refused(e, what);
        } catch (TimeoutException e) {
            throw unreachable(where, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private Failure refused(ExecutionException e, String what) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause instanceof org.apache.kafka.common.errors.TimeoutException
                ? unreachable(where, cause)
                : new Failure("Kafka at " + where + ": cannot " + what + ": " + cause.getMessage(), cause);
    }

    private Failure interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Failure("interrupted while waiting for Kafka at " + where, e);
    }
}
