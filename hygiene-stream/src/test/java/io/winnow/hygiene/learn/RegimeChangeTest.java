package io.winnow.hygiene.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.Hygiene;
import io.winnow.core.contract.OnRegimeChange;
import io.winnow.core.hygiene.Judge;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.ProfileMaker;
import io.winnow.core.hygiene.Regime;
import io.winnow.core.hygiene.Summary;
import io.winnow.hygiene.ContractText;
import io.winnow.hygiene.Samples;
import io.winnow.hygiene.profile.InMemoryProfileChannel;
import io.winnow.hygiene.profile.ProfileChannel;
import io.winnow.hygiene.record.Learned;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stream whose level shifts, as its merger sees it. */
class RegimeChangeTest {
    private static final int BATCH = 400;

    /** Gauges by name; a group's key and value stand before it. */
    private static final class Gauges extends UnregisteredMetricsGroup {
        private final Map<String, Gauge<?>> all;
        private final String prefix;

        Gauges(Map<String, Gauge<?>> all, String prefix) {
            this.all = all;
            this.prefix = prefix;
        }

        @Override
        public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
            all.put(prefix + name, gauge);
            return gauge;
        }

        @Override
        public MetricGroup addGroup(String key, String value) {
            return new Gauges(all, prefix + key + "=" + value + " ");
        }

        double value(String name) {
            return ((Number) all.get(name).getValue()).doubleValue();
        }
    }

    private static Contract contract(OnRegimeChange policy) {
        Contract c = Samples.GRID;
        return c.with(new Hygiene(10, policy));
    }

    /** An ordinary row's bytes, or one whose wind blows twelve deviations stronger. */
    private static byte[] value(long i, boolean shifted) {
        byte[] value = Samples.value(i);
        if (!shifted) {
            return value;
        }
        String text = new String(value, StandardCharsets.UTF_8);
        return Samples.bytes(text.replace("\"wind\":", "\"wind\":9"));
    }

    private static Summary judged(Contract contract, Profile profile, long from, boolean shifted) {
        Summary summary = new Summary(profile);
        Judge judge = new Judge(contract, profile);
        LongStream.range(from, from + BATCH).forEach(i -> judge.judge(value(i, shifted), summary));
        return summary;
    }

    @ParameterizedTest
    @EnumSource
    void theAlarmIsRaisedOnceAndOutlivesARestart(OnRegimeChange policy) throws Exception {
        Contract contract = contract(policy);
        InMemoryProfileChannel channel = new InMemoryProfileChannel("regime" + policy + System.nanoTime());
        channel.append(ProfileMaker.first(
                contract, LongStream.range(0, 256).mapToObj(Samples::value).toList()));
        List<Regime> regimes = new ArrayList<>();
        OneInputStreamOperatorTestHarness<Learned, String> h = start(contract, channel, null, 0);
        for (int batch = 0; batch < 60; batch++) {
            long time = batch * 60_000L;
            if (batch % 13 == 12) {
                OperatorSubtaskState state = h.snapshot(batch, batch);
                h.close();
                h = start(contract, channel, state, time);
            }
            Profile profile = newest(channel, contract);
            Summary rows = judged(contract, profile, 256 + (long) batch * BATCH, batch >= 25);
            h.processElement(Learned.summary(0, rows.encode()), 0);
            h.setProcessingTime(time + 60_000);
            regimes.add(newest(channel, contract).regime());
        }
        h.close();

        assertThat(regimes.subList(0, 25)).containsOnly(Regime.STEADY);
        int begin = regimes.indexOf(Regime.CHANGING);
        assertThat(begin).isBetween(25, 28);
        if (policy == OnRegimeChange.HOLD) {
            assertThat(regimes.subList(begin, 60)).containsOnly(Regime.CHANGING);
        } else {
            int end = regimes.lastIndexOf(Regime.CHANGING) + 1;
            assertThat(end).isBetween(begin + 2, begin + 15);
            assertThat(regimes.subList(begin, end)).containsOnly(Regime.CHANGING);
        }
    }

    private static Profile newest(InMemoryProfileChannel channel, Contract contract) {
        try (ProfileChannel.Reader reader = channel.reader(contract.hash())) {
            return Objects.requireNonNull(reader.newest()).profile();
        }
    }

    private static OneInputStreamOperatorTestHarness<Learned, String> start(
            Contract contract, InMemoryProfileChannel channel, @Nullable OperatorSubtaskState state, long time)
            throws Exception {
        var h = new OneInputStreamOperatorTestHarness<>(
                new MergeOperatorFactory(ContractText.of(contract), channel, 1, Samples.ALONE), 1, 1, 0);
        h.setup(Types.STRING.createSerializer(h.getExecutionConfig().getSerializerConfig()));
        h.setProcessingTime(time);
        if (state == null) {
            h.initializeEmptyState();
        } else {
            h.initializeState(state);
        }
        h.open();
        return h;
    }

    @ParameterizedTest
    @EnumSource
    void gaugesShowTheChangeAndTheFieldThatDrifts(OnRegimeChange policy) {
        Contract contract = contract(policy);
        Map<String, Gauge<?>> all = new HashMap<>();
        Gauges gauges = new Gauges(all, "");
        NormalityMetrics metrics = new NormalityMetrics(gauges, contract);
        assertThat(all)
                .containsOnlyKeys(
                        "regime_change",
                        "refused_share",
                        "field=demand drift_psi",
                        "field=demand drift_js_bits",
                        "field=wind drift_psi",
                        "field=wind drift_js_bits",
                        "field=region drift_psi",
                        "field=region drift_js_bits");
        assertThat(gauges.value("regime_change")).isZero();
        assertThat(gauges.value("field=wind drift_psi")).isNaN();

        Profile profile = ProfileMaker.first(
                contract, LongStream.range(0, 256).mapToObj(Samples::value).toList());
        for (int batch = 0; batch < 32; batch++) {
            Summary rows = judged(contract, profile, 256 + (long) batch * BATCH, batch >= 25);
            metrics.gathered(rows, profile);
            profile = ProfileMaker.next(contract, profile, rows);
            metrics.isNow(profile);
            if (batch == 24) {
                assertThat(gauges.value("regime_change")).isZero();
                assertThat(gauges.value("field=wind drift_psi")).isBetween(0.0, 0.1);
            }
            if (batch == 28) {
                assertThat(gauges.value("regime_change")).isOne();
                assertThat(gauges.value("refused_share")).isBetween(0.25, 1.0);
                assertThat(gauges.value("field=wind drift_psi")).isGreaterThan(0.25);
                assertThat(gauges.value("field=wind drift_js_bits")).isGreaterThan(0.05);
                assertThat(gauges.value("field=demand drift_psi")).isLessThan(0.1);
                assertThat(gauges.value("field=region drift_psi")).isLessThan(0.1);
            }
        }
    }
}
