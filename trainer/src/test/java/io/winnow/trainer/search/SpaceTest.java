package io.winnow.trainer.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.trainer.learn.Hyperparameters;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SpaceTest {
    private static final Space SPACE = new Space(Hyperparameters.DEFAULT, true);

    @Test
    void theDefaultLiesInIt() {
        assertThat(SPACE.values(SPACE.at(SPACE.point(Hyperparameters.DEFAULT))))
                .isEqualTo(SPACE.values(Hyperparameters.DEFAULT))
                .containsEntry("hidden", "128")
                .containsEntry("peak-rate", "0.003")
                .containsEntry("loss", "huber");
    }

    @Test
    void everyPointIsWhatItsValuesSay() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1_000; i++) {
            Hyperparameters hyper = SPACE.at(random.doubles(8).toArray());
            assertThat(SPACE.at(SPACE.point(hyper))).isEqualTo(hyper);
            assertThat(hyper.shape().hidden()).isBetween(16, 256);
            assertThat(hyper.shape().blocks()).isBetween(1, 4);
            assertThat(hyper.shape().dropout()).isBetween(0.0, 0.4);
            assertThat(hyper.peakRate()).isBetween(3e-4, 3e-2);
            assertThat(hyper.optimizer().weightDecay()).isBetween(1e-4, 0.3);
            assertThat(Integer.bitCount(hyper.batch())).isEqualTo(1);
            assertThat(hyper.batch()).isBetween(64, 1_024);
            assertThat(hyper.rowBudget()).isEqualTo(Hyperparameters.DEFAULT.rowBudget());
        }
    }

    @Test
    void itsEndsAreReached() {
        double[] zeros = new double[8];
        double[] ones = DoubleStream.generate(() -> 1).limit(8).toArray();
        assertThat(SPACE.values(SPACE.at(zeros)).values())
                .containsExactly("16", "1", "0", "3.0E-4", "1.0E-4", "64", "relu", "l1");
        assertThat(SPACE.values(SPACE.at(ones))).containsEntry("hidden", "256").containsEntry("batch", "1024");
        Set<String> blocks = new HashSet<>();
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 100; i++) {
            blocks.add(SPACE.values(SPACE.at(random.doubles(8).toArray())).get("blocks"));
        }
        assertThat(blocks).containsExactlyInAnyOrder("1", "2", "3", "4");
    }

    @Test
    void aClassificationHasNoChoiceOfLoss() {
        assertThat(new Space(Hyperparameters.DEFAULT, false).values(Hyperparameters.DEFAULT))
                .hasSize(7)
                .doesNotContainKey("loss");
    }
}
