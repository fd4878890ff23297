package io.winnow.monitoring.desk;

import io.javalin.util.JavalinBindException;
import io.winnow.core.topic.StreamTopics;
import io.winnow.monitoring.topology.StoredCases;
import io.winnow.monitoring.web.DeskMetrics;
import io.winnow.monitoring.web.DeskServer;
import java.time.Clock;
import java.time.Duration;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running review desk. Close it to stop; its cases stay on Kafka and in its state directory. */
public final class Desk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);
    private static final Duration STOP = Duration.ofSeconds(20);

    private final KafkaStreams streams;
    private final KafkaDecisions decisions;
    private final DeskServer server;

    private Desk(KafkaStreams streams, KafkaDecisions decisions, DeskServer server) {
        this.streams = streams;
        this.decisions = decisions;
        this.server = server;
    }

    /**
     * Starts a desk, and returns once it takes cases and answers requests. The topics must exist.
     *
     * @throws DeskStartException if Kafka cannot be reached, a topic is missing, the state directory cannot be used or
     *     the port is taken; and if nothing moves for 90 s. Reading many cases back from Kafka may take longer
     */
    public static Desk start(DeskConfig config) {
        StreamTopics topics = StreamTopics.of(config.contract());
        DeskMetrics metrics = new DeskMetrics(config.contract().stream());
        KafkaStreams streams = DeskStreams.start(config, metrics.unreadable());
        KafkaDecisions decisions = null;
        try {
            decisions = new KafkaDecisions(topics.decisions(), config.kafka());
            DeskServer server = new DeskServer(
                    config.contract().stream(),
                    StoredCases.of(topics.raw(), streams),
                    decisions,
                    metrics,
                    () -> streams.state().isRunningOrRebalancing(),
                    config.token(),
                    config.port(),
                    Clock.systemUTC());
            LOG.info("review desk of {} on http://127.0.0.1:{}/", config.contract().stream(), server.port());
            return new Desk(streams, decisions, server);
        } catch (RuntimeException e) {
            if (decisions != null) {
                decisions.close();
            }
            DeskStreams.close(streams, STOP);
            String what = e instanceof JavalinBindException
                    ? "port " + config.port() + " is in use; give the desk another one, or 0 for any"
                    : "the desk cannot start: " + e.getMessage();
            throw new DeskStartException(what, e);
        }
    }

    /** The port that page, API and metrics are served on, on 127.0.0.1. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
        decisions.close();
        if (!DeskStreams.close(streams, STOP)) {
            LOG.warn("the desk's stream application did not stop within {} s", STOP.toSeconds());
        }
    }
}
