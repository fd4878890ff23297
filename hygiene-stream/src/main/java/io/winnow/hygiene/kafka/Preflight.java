package io.winnow.hygiene.kafka;

import io.winnow.core.topic.StreamTopics;
import io.winnow.hygiene.HygieneConfig;
import io.winnow.hygiene.HygieneStartException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Looks at the cluster before the job starts, so that what is wrong is said in one line. */
public final class Preflight {
    private static final int PATIENCE_SECONDS = 15;
    private static final int WEEK_MILLIS = 7 * 24 * 3_600 * 1_000;

    /** A restart takes up to a minute; twice that is little enough to ask. */
    private static final long LEAST_TIMEOUT_MILLIS = 120_000;

    private Preflight() {}

    /**
     * Checks brokers and topics.
     *
     * @throws HygieneStartException if the job could not run
     */
    public static ClusterLimits check(HygieneConfig config) {
        String servers = config.kafka().getOrDefault("bootstrap.servers", "");
        Map<String, Object> properties = new HashMap<>(config.kafka());
        properties.put("default.api.timeout.ms", String.valueOf(PATIENCE_SECONDS * 1_000));
        properties.put("request.timeout.ms", String.valueOf(PATIENCE_SECONDS * 500));
        try (Admin admin = Admin.create(properties)) {
            List<Node> nodes = List.copyOf(await(admin.describeCluster().nodes(), servers));
            StreamTopics topics = StreamTopics.of(config.contract());
            int raw = partitions(admin, topics.raw(), servers);
            for (String topic : List.of(topics.clean(), topics.quarantine())) {
                int partitions = partitions(admin, topic, servers);
                if (partitions < raw) {
                    throw new HygieneStartException("topic " + topic + " has " + partitions + " partitions and "
                            + topics.raw() + " has " + raw + "; give " + topic + " at least as many");
                }
            }
            partitions(admin, topics.profiles(), servers);
            partitions(admin, topics.decisions(), servers);
            ClusterLimits limits = new ClusterLimits(
                    setting(admin, ConfigResource.Type.TOPIC, topics.clean(), "max.message.bytes", servers),
                    setting(admin, ConfigResource.Type.TOPIC, topics.quarantine(), "max.message.bytes", servers),
                    Math.min(
                            WEEK_MILLIS,
                            setting(
                                    admin,
                                    ConfigResource.Type.BROKER,
                                    nodes.get(0).idString(),
                                    "transaction.max.timeout.ms",
                                    servers)));
            checkTransactions(config, limits);
            return limits;
        } catch (KafkaException e) {
            throw unreachable(servers, e);
        }
    }

    /** A transaction must outlive its checkpoint, the commit after that, and a restart in between. */
    private static void checkTransactions(HygieneConfig config, ClusterLimits limits) {
        long interval = config.checkpointInterval().toMillis();
        if (config.exactlyOnce() && limits.transactionTimeoutMillis() < Math.max(10 * interval, LEAST_TIMEOUT_MILLIS)) {
            throw new HygieneStartException("transaction.max.timeout.ms of the brokers is "
                    + limits.transactionTimeoutMillis() + ", too short for checkpoints every " + interval
                    + " ms: make it at least " + Math.max(10 * interval, LEAST_TIMEOUT_MILLIS)
                    + ", or what a longer outage leaves uncommitted is lost");
        }
    }

    private static int partitions(Admin admin, String topic, String servers) {
        TopicDescription found = await(
                        admin.describeTopics(List.of(topic)).allTopicNames(), servers + ", topic " + topic)
                .values()
                .iterator()
                .next();
        return found.partitions().size();
    }

    private static int setting(Admin admin, ConfigResource.Type type, String name, String key, String servers) {
        Config found = await(
                        admin.describeConfigs(List.of(new ConfigResource(type, name)))
                                .all(),
                        servers)
                .values()
                .iterator()
                .next();
        return Integer.parseInt(found.get(key).value());
    }

    private static <T> T await(KafkaFuture<T> future, String where) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new HygieneStartException("Kafka at " + where + ": there is no such topic; create it first", e);
            }
            throw unreachable(where, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw unreachable(where, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(where, e);
        }
    }

    private static HygieneStartException unreachable(String where, Throwable cause) {
        return new HygieneStartException(
                "Kafka at " + where + " does not answer (" + cause.getClass().getSimpleName()
                        + "); start it, or give the address of a broker that runs",
                cause);
    }
}
