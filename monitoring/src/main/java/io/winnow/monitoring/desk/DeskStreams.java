package io.winnow.monitoring.desk;

import io.winnow.core.topic.StreamTopics;
import io.winnow.monitoring.cases.Review;
import io.winnow.monitoring.topology.BoundedRocksDb;
import io.winnow.monitoring.topology.DeskTopology;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the topology and waits until it works, for as long as it makes progress. */
final class DeskStreams {
    private static final Logger LOG = LoggerFactory.getLogger(DeskStreams.class);
    private static final long REACH_S = 15;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int MAX_FAILURES = 5;
    private static final Duration FAILURE_WINDOW = Duration.ofMinutes(1);
    // What the store's frame adds to a record; and what the desk's own topics take at least.
    private static final int FRAME_BYTES = 1 << 20;
    private static final int LEAST_BYTES = 8 << 20;

    private DeskStreams() {}

    /**
     * Starts it.
     *
     * @throws DeskStartException if Kafka is not there, a topic is missing or too small, or it makes no progress
     */
    static KafkaStreams start(DeskConfig config, ToLongFunction<String> unreadable) {
        StreamTopics topics = StreamTopics.of(config.contract());
        int maxBytes = Math.max(LEAST_BYTES, check(config, topics) + FRAME_BYTES);
        KafkaStreams streams = new KafkaStreams(
                DeskTopology.build(config.contract(), new Review(config.releaseHold()), unreadable),
                settings(config, maxBytes));
        Startup startup = new Startup(PATIENCE, System::nanoTime);
        streams.setStateListener(startup);
        streams.setGlobalStateRestoreListener(startup);
        Deque<Long> failures = new ArrayDeque<>();
        streams.setUncaughtExceptionHandler(e -> {
            LOG.error("the desk's stream thread failed", e);
            return replaceable(failures) ? StreamThreadExceptionResponse.REPLACE_THREAD : stop(startup, e);
        });
        try {
            streams.start();
            startup.await();
            return streams;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(streams, "interrupted while starting the desk", e);
        } catch (TimeoutException e) {
            throw failed(
                    streams,
                    "the desk made no progress for " + PATIENCE.toSeconds()
                            + " s while starting; its log says what it waits for",
                    e);
        } catch (ExecutionException | RuntimeException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw failed(streams, "the desk's stream application failed: " + cause.getMessage(), e);
        }
    }

    /** Leaves the group at once: whoever comes next need not wait until the broker gives this one up. */
    static boolean close(KafkaStreams streams, Duration within) {
        return streams.close(CloseOptions.timeout(within)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    }

    private static DeskStartException failed(KafkaStreams streams, String message, Exception cause) {
        close(streams, Duration.ofSeconds(5));
        return new DeskStartException(message, cause);
    }

    private static StreamThreadExceptionResponse stop(Startup startup, Throwable why) {
        startup.failed(why);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /** A passing fault costs a thread and nothing else; one that comes back again and again stops the desk. */
    private static synchronized boolean replaceable(Deque<Long> failures) {
        long now = System.nanoTime();
        failures.addLast(now);
        while (now - failures.getFirst() > FAILURE_WINDOW.toNanos()) {
            failures.removeFirst();
        }
        return failures.size() <= MAX_FAILURES;
    }

    /** The largest record that the quarantine topic takes, in bytes. */
    private static int check(DeskConfig config, StreamTopics topics) {
        String servers = config.kafka().get("bootstrap.servers");
        Map<String, Object> settings = new HashMap<>(config.kafka());
        // Closing waits for calls under way: they must not outlast the answer.
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(REACH_S * 1_000));
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        try (Admin admin = Admin.create(settings)) {
            List<String> missing = new ArrayList<>(List.of(
                    topics.quarantine(), topics.decisions(), topics.clean(), topics.profiles(), topics.audit()));
            missing.removeAll(admin.listTopics().names().get(REACH_S, TimeUnit.SECONDS));
            if (!missing.isEmpty()) {
                throw new DeskStartException(
                        "Kafka at " + servers + " has no topic " + String.join(", ", missing)
                                + "; create what is missing, or start the stream first",
                        null);
            }
            int quarantine = maxBytes(admin, topics.quarantine());
            int clean = maxBytes(admin, topics.clean());
            if (clean < quarantine) {
                throw new DeskStartException(
                        "topic " + topics.clean() + " takes " + clean + " bytes (max.message.bytes) and "
                                + topics.quarantine() + " " + quarantine
                                + ", so that a release might not fit; give the former at least as many",
                        null);
            }
            return quarantine;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeskStartException("interrupted while starting the desk", e);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw new DeskStartException(
                    "the desk cannot reach Kafka at " + servers + " within " + REACH_S
                            + " s; check the address and that the broker runs",
                    e);
        }
    }

    private static int maxBytes(Admin admin, String topic)
            throws InterruptedException, ExecutionException, TimeoutException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config found = admin.describeConfigs(List.of(resource))
                .all()
                .get(REACH_S, TimeUnit.SECONDS)
                .values()
                .iterator()
                .next();
        return Integer.parseInt(found.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
    }

    private static Properties settings(DeskConfig config, int maxBytes) {
        Properties p = new Properties();
        p.putAll(config.kafka());
        p.put(StreamsConfig.APPLICATION_ID_CONFIG, "winnow-desk-" + config.contract().stream());
        p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        p.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDir().toString());
        p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "200");
        p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, "1");
        p.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
        // After kill -9 the next one need not wait long until the brokers give this one up.
        p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), "10000");
        p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), "3000");
        p.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), maxBytes);
        p.put(StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), maxBytes);
        // Records keep their producer's time, be it years ahead: a topic that refused them would stop the desk.
        p.put(StreamsConfig.topicPrefix(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG), Long.MAX_VALUE);
        return p;
    }
}
