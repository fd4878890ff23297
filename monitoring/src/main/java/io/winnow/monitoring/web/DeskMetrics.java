package io.winnow.monitoring.web;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.winnow.core.review.Decision;
import io.winnow.monitoring.cases.CaseState;
import io.winnow.monitoring.cases.CaseView;
import io.winnow.monitoring.cases.Counts;
import io.winnow.monitoring.cases.NotReadyException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * What the desk tells Prometheus. The counts are read once for each scrape; while the store cannot be read, the last
 * ones stand.
 */
public final class DeskMetrics {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<Decision.Action, Counter> decided = new EnumMap<>(Decision.Action.class);
    private final Map<String, AtomicLong> unreadable = new java.util.concurrent.ConcurrentHashMap<>();
    private final AtomicLong refusedHere = new AtomicLong();
    private volatile Counts counts = Counts.NONE;
    private volatile long acceptedNow;

    /**
     * Registers everything.
     *
     * @param stream the stream's name, a label of every metric
     */
    public DeskMetrics(String stream) {
        registry.config().commonTags("stream", stream);
        for (CaseState state : CaseState.values()) {
            Gauge.builder("winnow.cases", this, m -> m.counts.of(state))
                    .description("quarantined records by the state of their case")
                    .tag("state", state.label())
                    .register(registry);
        }
        for (Decision.Action action : Decision.Action.values()) {
            decided.put(
                    action,
                    Counter.builder("winnow.decisions")
                            .description("decisions taken at this desk since it started")
                            .tag("action", action.name().toLowerCase(java.util.Locale.ROOT))
                            .register(registry));
        }
        Gauge.builder("winnow.cases.accepted.now", this, m -> m.acceptedNow)
                .description("open cases that would be accepted now that the stream has changed")
                .register(registry);
        counter(
                "winnow.decision.conflicts",
                "contrary decisions, refused here or passed over by the first one",
                m -> m.counts.conflicts() + m.refusedHere.get());
        counter("winnow.cases.replayed", "quarantined records that came again", m -> m.counts.replayed());
        counter(
                "winnow.releases.refused",
                "releases of records that cannot be put together again",
                m -> m.counts.refused());
    }

    private void counter(String name, String description, ToDoubleFunction<DeskMetrics> value) {
        FunctionCounter.builder(name, this, value).description(description).register(registry);
    }

    /** Counts what could not be read on a topic: the topology's third argument. Returns how many there are now. */
    public ToLongFunction<String> unreadable() {
        return topic -> unreadable
                .computeIfAbsent(
                        topic,
                        name -> registry.gauge(
                                "winnow.desk.unreadable",
                                io.micrometer.core.instrument.Tags.of("topic", name),
                                new AtomicLong()))
                .incrementAndGet();
    }

    void decided(Decision.Action action, int n) {
        Counter counter = decided.get(action);
        if (counter != null) {
            counter.increment(n);
        }
    }

    void conflicts(int n) {
        refusedHere.addAndGet(n);
    }

    /** Everything in Prometheus' text format. */
    String scrape(CaseView cases) {
        try {
            counts = cases.counts();
            acceptedNow = cases.regime().acceptedNow();
        } catch (NotReadyException e) {
            // The last ones stand: a scrape must not fail because a partition moves.
        }
        return registry.scrape();
    }
}
