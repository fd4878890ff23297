package io.winnow.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.model.ModelCard;
import io.winnow.trainer.evaluation.Losses.Rival;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GateTest {
    private static Losses losses(int n, long seed, double mean, double spread) {
        Random random = new Random(seed);
        double[] values = new double[n];
        Arrays.setAll(values, i -> mean + spread * random.nextGaussian());
        return new Losses(values);
    }

    @Test
    void clearlyBetterPassesAndTheSentenceNamesTheFigures() {
        Gate.Verdict verdict = Gate.judge(
                losses(500, 1, 1, 0.1),
                List.of(new Rival("no-change", losses(500, 2, 2, 0.1)), new Rival("linear", losses(500, 3, 1.5, 0.1))),
                ModelCard.MAE,
                1);
        assertThat(verdict.passed()).isTrue();
        assertThat(verdict.sentence())
                .matches("mae 0\\.997.* beats no-change 1\\.997.*, linear 1\\.495.* by more than noise");
    }

    @Test
    void equalOrWorseOrNoNumberDoesNotPass() {
        Losses own = losses(500, 1, 1, 0.1);
        assertThat(judge(own, own)).contains("is not better than");
        assertThat(judge(own, losses(500, 2, 0.5, 0.1))).contains("is not better than");
        double[] broken = own.perRow().clone();
        broken[7] = Double.NaN;
        assertThat(judge(new Losses(broken), losses(500, 2, 5, 0.1))).contains("not better");
    }

    private static String judge(Losses own, Losses other) {
        Gate.Verdict verdict = Gate.judge(own, List.of(new Rival("the champion", other)), ModelCard.MAE, 1);
        assertThat(verdict.passed()).isFalse();
        assertThat(verdict.rival()).isEqualTo("the champion");
        return verdict.sentence();
    }

    /** Of equal contenders about one in twenty may pass by luck: the bound is a 5 % quantile. */
    @Test
    void noiseAlonePassesRarely() {
        int passed = 0;
        for (int i = 0; i < 400; i++) {
            Losses own = losses(400, 1_000 + i, 1, 1);
            Losses other = losses(400, 9_000 + i, 1, 1);
            passed += Gate.judge(own, List.of(new Rival("x", other)), ModelCard.MAE, i)
                            .passed()
                    ? 1
                    : 0;
        }
        assertThat(passed).isBetween(5, 45);
    }

    /** Losses that come in runs carry less evidence than their number says. */
    @Test
    void runsOfEqualLossesAreNotCountedAsManyWitnesses() {
        Random random = new Random(4);
        int passed = 0;
        for (int i = 0; i < 200; i++) {
            double[] gain = new double[2_000];
            double level = 0;
            for (int j = 0; j < gain.length; j++) {
                level = j % 20 == 0 ? random.nextGaussian() : level;
                gain[j] = level;
            }
            passed += Bootstrap.lowerBound(gain, i) > 0 ? 1 : 0;
        }
        // Single rows would pass about a third of the time.
        assertThat(passed).isLessThan(30);
    }

    @Test
    void accuracyIsOneMinusTheShareOfErrors() {
        assertThat(new Losses(new double[] {0, 0, 1, 0}).in(ModelCard.ACCURACY)).isEqualTo(0.75);
    }
}
