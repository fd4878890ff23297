package io.winnow.trainer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.winnow.trainer.evaluation.Outcome;
import io.winnow.trainer.evaluation.Outcome.Scores;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The trainer's figures, and the page on 127.0.0.1 that Prometheus reads them from; it answers nothing but GET. */
final class TrainerMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpServer server;
    private final Tags stream;
    private final Map<Outcome.Reason, Counter> rejected = new EnumMap<>(Outcome.Reason.class);
    private final Map<String, Double> holdout = new ConcurrentHashMap<>();
    final Counter rows;
    final Counter undecodable;
    final Counter trainings;
    final Counter published;
    final Counter corrupt;
    final Timer seconds;
    final AtomicLong windowRows;
    final AtomicLong lag;
    /** 1 while nothing is unread, due or under way. */
    final AtomicLong idle;

    /**
     * Starts the page.
     *
     * @param port 0 for any free one
     * @throws IOException if the port is taken
     */
    TrainerMetrics(String streamName, int port) throws IOException {
        stream = Tags.of("stream", streamName);
        rows = counter("winnow.trainer.rows", "Clean rows read");
        undecodable = counter("winnow.trainer.undecodable", "Clean records left out because they break the contract");
        trainings = counter("winnow.trainer.trainings", "Trainings begun");
        published = counter("winnow.trainer.published", "Models published");
        corrupt = counter("winnow.trainer.corrupt", "Champions refused because their files are damaged");
        seconds = Timer.builder("winnow.trainer.training")
                .description("Time for a training, from window to outcome")
                .tags(stream)
                .register(registry);
        windowRows = gauge("winnow.trainer.window.rows", "Rows in the window");
        lag = gauge("winnow.trainer.lag.rows", "Offsets of the clean topic not yet read");
        idle = gauge("winnow.trainer.idle", "1 while nothing is unread, due or under way");
        for (Outcome.Reason reason : Outcome.Reason.values()) {
            rejected.put(
                    reason,
                    Counter.builder("winnow.trainer.rejected")
                            .description("Trainings without a model, by reason")
                            .tags(stream.and("reason", reason.label()))
                            .register(registry));
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0);
        server.createContext("/metrics", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            byte[] page = registry.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    String page() {
        return registry.scrape();
    }

    void rejected(Outcome.Reason reason) {
        Counter counter = rejected.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    /** The last holdout's figures, by contender. */
    void holdout(Scores scores) {
        set(scores.metric(), "model", scores.value());
        set(scores.metric(), "no_change", scores.baselines().noChange());
        set(scores.metric(), "linear", scores.baselines().linear());
        set(scores.metric(), "champion", scores.champion().orElse(Double.NaN));
    }

    private void set(String metric, String contender, double value) {
        if (holdout.put(contender, value) == null) {
            Gauge.builder("winnow.trainer.holdout", () -> holdout.getOrDefault(contender, Double.NaN))
                    .description("The last training's metric on its holdout, by contender")
                    .tags(stream.and("metric", metric, "contender", contender))
                    .register(registry);
        }
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).tags(stream).register(registry);
    }

    private AtomicLong gauge(String name, String description) {
        AtomicLong value = new AtomicLong();
        Gauge.builder(name, value, AtomicLong::get)
                .description(description)
                .tags(stream)
                .register(registry);
        return value;
    }

    @Override
    public void close() {
        server.stop(0);
        registry.close();
    }
}
