package io.winnow.ingest.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;

/** What the gateway tells Prometheus. Labels are streams that it serves and statuses, never what a client sends. */
final class GatewayMetrics {
    private static final Duration[] BOUNDS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    GatewayMetrics(Budget budget) {
        Gauge.builder("winnow.gateway.inflight.bytes", budget, Budget::used)
                .description("memory that requests under way hold")
                .register(registry);
        Gauge.builder("winnow.gateway.memory.bytes", budget, Budget::bytes)
                .description("memory that they may hold at most")
                .register(registry);
    }

    /** Shows whether requests for a stream are taken. */
    void watch(String stream, StreamWriter writer) {
        Gauge.builder("winnow.gateway.up", writer, w -> w.isReady() ? 1 : 0)
                .description("1 while records of the stream are taken")
                .tag("stream", stream)
                .register(registry);
    }

    /**
     * One request is answered.
     *
     * @param stream empty if it named none of ours
     * @param nanos from its headers to its answer
     */
    void answered(String stream, int status, long nanos) {
        Timer.builder("winnow.gateway.request")
                .description("requests from their headers to their answer")
                .tag("stream", stream)
                .tag("status", Integer.toString(status))
                .serviceLevelObjectives(BOUNDS)
                .register(registry)
                .record(Duration.ofNanos(nanos));
    }

    /** A request's records lie on the topic. */
    void accepted(String stream, int records, long bytes) {
        counter("winnow.gateway.records", "records that were written", stream).increment(records);
        counter("winnow.gateway.bytes", "bytes of the values that were written", stream)
                .increment(bytes);
    }

    /** A request was answered as it was before. */
    void repeated(String stream) {
        counter("winnow.gateway.repeated", "requests that came again and were answered as before", stream)
                .increment();
    }

    private Counter counter(String name, String description, String stream) {
        return Counter.builder(name)
                .description(description)
                .tag("stream", stream)
                .register(registry);
    }

    String scrape() {
        return registry.scrape();
    }
}
