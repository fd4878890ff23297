package io.winnow.monitoring.ledger.live;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.winnow.monitoring.ledger.Balance;
import java.util.function.ToDoubleFunction;

/** What the ledger tells Prometheus. Until there is a first balance only its age is told: no gap is known to be none. */
final class LedgerMetrics {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Board board;
    private boolean balanced;
    private volatile Balance sum = Balance.ZERO;

    LedgerMetrics(String stream, Board board) {
        this.board = board;
        registry.config().commonTags("stream", stream);
        Gauge.builder("winnow.conservation.watermark.age", board, Board::ageSeconds)
                .description("since the proof last went on, or nothing was left to prove")
                .baseUnit("seconds")
                .register(registry);
    }

    /** Everything in Prometheus' text format; the balance is added up once for each scrape. */
    synchronized String scrape() {
        sum = board.sum();
        if (!balanced && board.isReady()) {
            balanced = true;
            gauge("gap", "raw records that have no verdict and can get none any more: must read 0", Balance::missing);
            gauge(
                    "duplicates",
                    "verdicts and releases beyond the first of one record: must read 0",
                    Balance::duplicated);
            gauge("raw", "raw records that are due a verdict", Balance::raw);
            gauge("clean", "raw records with a verdict on the clean topic", Balance::clean);
            gauge("quarantined", "raw records with a verdict on the quarantine topic alone", Balance::quarantined);
            gauge("released", "raw records that an operator released", Balance::released);
            gauge(
                    "pending",
                    "raw records that need no verdict yet, or have it in an open transaction",
                    Balance::pending);
            gauge("expired", "raw records that retention took, or their verdicts, before the proof", Balance::expired);
            gauge("foreign", "records on clean and quarantine that are about no raw record", Balance::foreign);
        }
        return registry.scrape();
    }

    private void gauge(String name, String description, ToDoubleFunction<Balance> value) {
        Gauge.builder("winnow.conservation." + name, this, m -> value.applyAsDouble(m.sum))
                .description(description)
                .register(registry);
    }
}
