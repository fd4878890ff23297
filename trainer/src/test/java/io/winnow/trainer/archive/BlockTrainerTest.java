package io.winnow.trainer.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.winnow.trainer.TorchTest;
import io.winnow.trainer.archive.ModelSpec.Column;
import io.winnow.trainer.archive.ModelSpec.Shape;
import io.winnow.trainer.archive.OptimizerSpec.AdamW;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The archive's way of training against DJL's blocks in DJL's own loop: from the same start, on the same rows. */
@ExtendWith(TorchTest.class)
class BlockTrainerTest {
    private static final int BATCH = 24;
    private static final int EPOCHS = 5;
    private static final double RATE = 0.01;

    @TempDir
    Path folder;

    static Stream<ModelSpec> specs() {
        List<Column> columns = List.of(new Column("a", false), new Column("b", false));
        return Stream.of(
                new ModelSpec(columns, List.of(), List.of(), List.of(1), List.of(), false, new Shape(16, 2, 0)),
                new ModelSpec(
                        columns,
                        List.of(),
                        List.of("p", "q", "r"),
                        List.of(1, 2),
                        List.of(2),
                        false,
                        new Shape(12, 1, 0)));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void bothLearnTheSameFromTheSameRows(ModelSpec spec) throws Exception {
        int steps = Training.ROWS / BATCH * EPOCHS;
        double[] rates = new double[steps];
        java.util.Arrays.fill(rates, RATE);
        TrainingSpec plain = new TrainingSpec(new AdamW(0.9, 0.99, 0, 1e9), Loss.L1, false);
        try (Training ours = Training.open(folder, spec, plain, 5);
                BlockTrainer theirs = new BlockTrainer(spec, RATE, 0, BATCH)) {
            float[] start = ours.state();
            // Off the zeros that a training starts from, where AdamW makes whole steps of mere rounding.
            float[] noise = Training.floats(new Random(7), Weights.of(spec).size());
            for (int i = 0; i < noise.length; i++) {
                start[i] += 0.2f * noise[i];
            }
            ours.restore(start);
            theirs.restore(start);
            assertThat(theirs.state()).isEqualTo(start);
            double before = ours.loss();
            ours.learn(BATCH, rates);
            double after = ours.loss();
            theirs.fit(theirs.rows(theirs.manager(), ours.x, ours.y, BATCH, false), EPOCHS);
            float[] mine = ours.state();
            float[] other = theirs.state();
            ours.restore(other);
            assertThat(after).isLessThan(0.85 * before);
            assertThat(ours.loss()).isCloseTo(after, within(1e-3 * after));
            // Where a gradient is nearly nothing, AdamW makes a step of its rounding, and that is each processor's own.
            assertThat(distance(mine, other)).isLessThan(0.02 * distance(mine, start));
        }
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }
}
