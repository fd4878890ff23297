package io.winnow.hygiene.learn;

import io.winnow.core.contract.Contract;
import io.winnow.core.hygiene.DriftWindow;
import io.winnow.core.hygiene.FieldDrift;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.Regime;
import io.winnow.core.hygiene.Summary;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * What the merger shows of how far the stream is from what is normal: whether it is changing, and each field's drift. As
 * many metrics as the contract has features, whatever the records bring.
 */
final class NormalityMetrics {
    private final DriftWindow window;
    private volatile List<FieldDrift> drifts = List.of();
    private volatile @Nullable Profile profile;

    NormalityMetrics(MetricGroup group, Contract contract) {
        window = new DriftWindow(contract);
        group.gauge("regime_change", (Gauge<Integer>) () -> isChanging() ? 1 : 0);
        group.gauge("refused_share", (Gauge<Double>) this::refusedShare);
        for (int i = 0; i < contract.features().size(); i++) {
            int field = i;
            MetricGroup of = group.addGroup("field", contract.features().get(i).name());
            of.gauge("drift_psi", (Gauge<Double>) () -> drift(field, FieldDrift::psi));
            of.gauge("drift_js_bits", (Gauge<Double>) () -> drift(field, FieldDrift::jensenShannonBits));
        }
    }

    private boolean isChanging() {
        Profile p = profile;
        return p != null && p.regime() == Regime.CHANGING;
    }

    private double refusedShare() {
        Profile p = profile;
        return p == null ? 0 : p.refusedShare();
    }

    private double drift(int field, ToDoubleFunction<FieldDrift> measure) {
        List<FieldDrift> now = drifts;
        return field < now.size() ? measure.applyAsDouble(now.get(field)) : Double.NaN;
    }

    /** This profile is in force from now on. */
    void isNow(Profile next) {
        profile = next;
    }

    /**
     * These rows have come.
     *
     * @param judgedBy the profile that judged them
     */
    void gathered(Summary rows, Profile judgedBy) {
        window.add(rows, judgedBy);
        drifts = window.against(judgedBy);
    }
}
