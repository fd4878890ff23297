package io.winnow.trainer.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.winnow.trainer.TorchTest;
import io.winnow.trainer.archive.ModelSpec.Category;
import io.winnow.trainer.archive.ModelSpec.Column;
import io.winnow.trainer.archive.ModelSpec.Shape;
import io.winnow.trainer.archive.OptimizerSpec.AdamW;
import io.winnow.trainer.archive.OptimizerSpec.Sgd;
import io.winnow.trainer.archive.Weights.Part;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps in the archive against the same steps in plain Java: linear regression with squared loss, by the book. */
@ExtendWith(TorchTest.class)
class OptimizerStepTest {
    private static final int BATCH = 16;
    private static final List<Column> COLUMNS = List.of(new Column("a", false), new Column("b", false));
    private static final ModelSpec LINEAR =
            new ModelSpec(COLUMNS, List.of(), List.of(), List.of(1), List.of(), false, Shape.LINEAR);

    @TempDir
    Path folder;

    /** Clips that bite in each step, in some and in none. */
    static Stream<OptimizerSpec> optimizers() {
        return Stream.of(0.3, 3.0, 1e9)
                .flatMap(clip -> Stream.of(new AdamW(0.9, 0.99, 0.1, clip), new Sgd(0.8, 0.05, clip)));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void twentyStepsAreThoseOfTheBook(OptimizerSpec optimizer) throws Exception {
        int inputs = LINEAR.inputs();
        float[] start = Training.floats(new Random(3), inputs + 1);
        double[] rates = new Random(4).doubles(20, 0.001, 0.05).toArray();
        try (Training training = Training.open(folder, LINEAR, new TrainingSpec(optimizer, Loss.L2, false), 5)) {
            training.restore(start);
            // In two calls: the moments must outlive the first.
            training.learn(BATCH, java.util.Arrays.copyOf(rates, 6));
            training.learn(BATCH, java.util.Arrays.copyOfRange(rates, 6, rates.length));
            Book book = new Book(training, start, optimizer);
            for (int i = 0; i < rates.length; i++) {
                // The second call begins with the first rows again.
                book.step(i < 6 ? i : i - 6, rates[i]);
            }
            float[] state = training.state();
            for (int i = 0; i < state.length; i++) {
                assertThat((double) state[i])
                        .isCloseTo(book.weights[i], within(1e-5 * Math.max(1, Math.abs(book.weights[i]))));
                assertThat(state[i]).isNotEqualTo(start[i]);
            }
        }
    }

    /** One step with decay and one without, from the same weights: the difference is decay's. */
    @ParameterizedTest
    @MethodSource("optimizers")
    void decayTouchesMatricesOnly(OptimizerSpec decaying) throws Exception {
        Category category = new Category("c", List.of("x", "y", "z"));
        ModelSpec spec =
                new ModelSpec(COLUMNS, List.of(category), List.of(), List.of(1), List.of(), false, new Shape(8, 1, 0));
        OptimizerSpec plain = decaying instanceof AdamW adam
                ? new AdamW(adam.firstDecay(), adam.secondDecay(), 0, adam.clip())
                : new Sgd(((Sgd) decaying).momentum(), 0, decaying.clip());
        // PyTorch's SGD looks ahead along the decayed gradient too.
        double share = decaying instanceof Sgd sgd ? 1 + sgd.momentum() : 1;
        double rate = 0.01;
        float[] start = new float[Archives.stateSize(spec)];
        java.util.Arrays.fill(start, 0.5f);
        float[] with = oneStep(spec, decaying, start, rate);
        float[] without = oneStep(spec, plain, start, rate);
        int at = 0;
        for (Part part : Weights.of(spec).parts()) {
            boolean matrix = part.columns() > 0 && !part.name().startsWith("embedding");
            for (int end = at + part.size(); at < end; at++) {
                double decay = matrix ? rate * decaying.weightDecay() * share * start[at] : 0;
                assertThat((double) without[at] - with[at]).as(part.name()).isCloseTo(decay, within(1e-7));
            }
        }
    }

    private float[] oneStep(ModelSpec spec, OptimizerSpec optimizer, float[] start, double rate) throws Exception {
        try (Training training = Training.open(folder, spec, new TrainingSpec(optimizer, Loss.L1, false), 5)) {
            training.restore(start);
            training.learn(BATCH, rate);
            return training.state();
        }
    }

    @Test
    void refusesWhatIsNoOptimizer() {
        assertThatThrownBy(() -> new AdamW(0.9, 1, 0.01, 1)).hasMessageContaining("secondDecay");
        assertThatThrownBy(() -> new Sgd(-0.1, 0, 1)).hasMessageContaining("momentum");
        assertThatThrownBy(() -> new Sgd(0.9, -1, 1)).hasMessageContaining("decay");
        assertThatThrownBy(() -> new AdamW(0.9, 0.99, 0, 0)).hasMessageContaining("clip");
    }

    /** Plain Java, in double precision. */
    private static final class Book {
        private final Training training;
        private final OptimizerSpec optimizer;
        private final double[] weights;
        private final double[] first;
        private final double[] second;
        private int steps;

        Book(Training training, float[] start, OptimizerSpec optimizer) {
            this.training = training;
            this.optimizer = optimizer;
            this.weights = new double[start.length];
            for (int i = 0; i < start.length; i++) {
                weights[i] = start[i];
            }
            this.first = new double[start.length];
            this.second = new double[start.length];
        }

        void step(int batch, double rate) {
            double[] g = gradient(batch);
            double norm = Math.sqrt(java.util.Arrays.stream(g).map(v -> v * v).sum());
            steps++;
            for (int i = 0; i < g.length; i++) {
                double clipped = g[i] * Math.min(1, optimizer.clip() / norm);
                double decay = i < g.length - 1 ? optimizer.weightDecay() * weights[i] : 0;
                if (optimizer instanceof AdamW adam) {
                    first[i] = adam.firstDecay() * first[i] + (1 - adam.firstDecay()) * clipped;
                    second[i] = adam.secondDecay() * second[i] + (1 - adam.secondDecay()) * clipped * clipped;
                    double mean = first[i] / (1 - Math.pow(adam.firstDecay(), steps));
                    double square = second[i] / (1 - Math.pow(adam.secondDecay(), steps));
                    weights[i] -= rate * (mean / (Math.sqrt(square) + 1e-8) + decay);
                } else if (optimizer instanceof Sgd sgd) {
                    first[i] = sgd.momentum() * first[i] + clipped + decay;
                    weights[i] -= rate * (clipped + decay + sgd.momentum() * first[i]);
                }
            }
        }

        private double[] gradient(int batch) {
            int inputs = LINEAR.inputs();
            double[] g = new double[inputs + 1];
            for (int r = 0; r < BATCH; r++) {
                int row = (batch * BATCH + r) % Training.ROWS;
                double error = weights[inputs] - training.y[row];
                for (int i = 0; i < inputs; i++) {
                    error += weights[i] * training.x[row * inputs + i];
                }
                for (int i = 0; i < inputs; i++) {
                    g[i] += 2 * error * training.x[row * inputs + i] / BATCH;
                }
                g[inputs] += 2 * error / BATCH;
            }
            return g;
        }
    }
}
