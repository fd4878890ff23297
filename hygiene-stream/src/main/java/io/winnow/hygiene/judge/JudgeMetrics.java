package io.winnow.hygiene.judge;

import io.winnow.core.row.Reason;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.jspecify.annotations.Nullable;

/** What one judging subtask counts: all under {@code winnow}. */
final class JudgeMetrics {
    private static final int RECENT = 2_048;

    private final Counter clean;
    private final Counter[] quarantined = new Counter[Reason.values().length];
    private final Counter profiles;
    private final Histogram milliBits;

    JudgeMetrics(MetricGroup operator, LongSupplier heldRows, LongSupplier profileRows) {
        MetricGroup group = operator.addGroup("winnow");
        clean = group.addGroup("verdict", "clean").counter("records");
        for (Reason reason : Reason.values()) {
            quarantined[reason.ordinal()] = group.addGroup(
                            "verdict", reason.name().toLowerCase(Locale.ROOT))
                    .counter("records");
        }
        profiles = group.counter("profiles_adopted");
        milliBits = group.histogram("millibits", new DescriptiveStatisticsHistogram(RECENT));
        group.gauge("held_rows", (Gauge<Long>) heldRows::getAsLong);
        group.gauge("profile_rows", (Gauge<Long>) profileRows::getAsLong);
    }

    /**
     * Counts one verdict.
     *
     * @param reason null if clean
     * @param bits NaN if not scored
     */
    void judged(@Nullable Reason reason, double bits) {
        if (reason == null) {
            clean.inc();
        } else {
            quarantined[reason.ordinal()].inc();
        }
        if (!Double.isNaN(bits)) {
            milliBits.update(Math.round(bits * 1_000));
        }
    }

    void adopted() {
        profiles.inc();
    }
}
