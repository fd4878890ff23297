package io.winnow.monitoring.ledger.live;

import io.javalin.util.JavalinBindException;
import io.winnow.core.topic.StreamTopics;
import io.winnow.monitoring.topology.BoundedRocksDb;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running ledger. Close it to stop; its accounts stay on Kafka and in its state directory. */
public final class LedgerService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerService.class);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final long LOOK_MS = 250;
    private static final int MAX_FAILURES = 5;
    private static final Duration FAILURE_WINDOW = Duration.ofMinutes(1);
    private static final long CACHE_BYTES = 4L << 20;

    private final LedgerConfig config;
    private final Horizons horizons = new Horizons();
    private final Board board = new Board(System::nanoTime, horizons::partitions);
    private final CompletableFuture<String> failure = new CompletableFuture<>();
    private final Deque<Long> failures = new ArrayDeque<>();
    private final ScheduledExecutorService watching = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "winnow-ledger-watch");
        thread.setDaemon(true);
        return thread;
    });
    private final Watch watch;
    private final KafkaStreams streams;
    private final LedgerServer server;
    private boolean warned;

    private LedgerService(LedgerConfig config) {
        this.config = config;
        watch = new Watch(config, horizons);
        KafkaStreams made = null;
        try {
            watch.first();
            StreamTopics topics = new StreamTopics(config.stream());
            made = new KafkaStreams(
                    LedgerTopology.build(config.stream(), LedgerTopology.PARTITIONS, horizons, board),
                    settings(config),
                    new LedgerClients(new Skim(topics, horizons)));
            streams = made;
            server = new LedgerServer(
                    config.stream(), board, () -> made().state().isRunningOrRebalancing(), config.port());
        } catch (RuntimeException e) {
            watching.shutdownNow();
            watch.close();
            if (made != null) {
                made.close(Duration.ofSeconds(1));
            }
            throw e;
        }
    }

    private KafkaStreams made() {
        return streams;
    }

    /**
     * Starts a ledger, and returns when it answers requests. Its first balance comes when it has read the topics.
     *
     * @throws LedgerStartException if Kafka cannot be reached, a topic is missing, the state directory cannot be used or the
     *     port is taken
     */
    public static LedgerService start(LedgerConfig config) {
        try {
            LedgerService service = new LedgerService(config);
            service.begin();
            LOG.info("ledger of {} on http://127.0.0.1:{}/ledger", config.stream(), service.port());
            return service;
        } catch (JavalinBindException e) {
            throw new LedgerStartException(
                    "port " + config.port() + " is in use; give the ledger another one, or 0 for any", e);
        } catch (StreamsException e) {
            throw new LedgerStartException(
                    "the ledger's state directory " + config.stateDir()
                            + " cannot be used; is another ledger of this stream running on it?",
                    e);
        } catch (KafkaException e) {
            throw new LedgerStartException(
                    "the ledger cannot reach Kafka at " + config.kafka().get("bootstrap.servers") + " ("
                            + e.getMessage() + "); check the address and that the broker runs",
                    e);
        }
    }

    private void begin() {
        streams.setUncaughtExceptionHandler(e -> {
            LOG.error("the ledger's stream thread failed", e);
            if (isReplaceable()) {
                return StreamThreadExceptionResponse.REPLACE_THREAD;
            }
            failure.complete("the ledger failed again and again, at last with: " + e.getMessage());
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.start();
        watching.scheduleWithFixedDelay(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            if (streams.state().isRunningOrRebalancing()) {
                watch.step();
                warned = false;
            }
        } catch (RuntimeException e) {
            // Brokers go and come; the age of the watermark tells meanwhile.
            if (!warned) {
                warned = true;
                LOG.warn("the ledger cannot ask how far things are, and tries again: {}", e.toString());
            }
        }
    }

    /** A passing fault costs a thread and nothing else; one that comes back again and again stops the ledger. */
    private synchronized boolean isReplaceable() {
        long now = System.nanoTime();
        failures.addLast(now);
        while (now - failures.getFirst() > FAILURE_WINDOW.toNanos()) {
            failures.removeFirst();
        }
        return failures.size() <= MAX_FAILURES;
    }

    private static Properties settings(LedgerConfig config) {
        Properties p = new Properties();
        p.putAll(config.kafka());
        p.put(StreamsConfig.APPLICATION_ID_CONFIG, config.applicationId());
        p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        p.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDir().toString());
        p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "500");
        p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, "1");
        p.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
        p.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        // A record stands for a whole poll: few of them are enough.
        p.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, "8");
        p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), "5000");
        p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), "2097152");
        p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG), "16777216");
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
        // Raw may get partitions; without them no horizon would be whole.
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.METADATA_MAX_AGE_CONFIG), "30000");
        // After kill -9 the next one need not wait long until the brokers give this one up.
        p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), "10000");
        p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), "3000");
        p.put(StreamsConfig.topicPrefix(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG), Long.MAX_VALUE);
        return p;
    }

    /** The port that page and metrics are served on, on 127.0.0.1. */
    public int port() {
        return server.port();
    }

    /** Completes with one line when the ledger has failed for good. */
    public CompletableFuture<String> failure() {
        return failure;
    }

    @Override
    public void close() {
        server.close();
        watching.shutdownNow();
        try {
            if (!watching.awaitTermination(STOP.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("the ledger's watch did not stop within {} s", STOP.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean stopped = streams.close(CloseOptions.timeout(STOP)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        if (!stopped) {
            LOG.warn("the ledger of {} did not stop within {} s", config.stream(), STOP.toSeconds());
        }
        watch.close();
    }
}
