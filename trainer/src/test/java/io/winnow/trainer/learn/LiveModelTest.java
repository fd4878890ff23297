package io.winnow.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import io.winnow.trainer.Streams;
import io.winnow.trainer.TorchTest;
import io.winnow.trainer.archive.ModelSpec.Shape;
import io.winnow.trainer.archive.OptimizerSpec;
import io.winnow.trainer.archive.PublishedArchive;
import io.winnow.trainer.learn.Learner.Learned;
import io.winnow.trainer.window.CleanRow;
import io.winnow.trainer.window.CleanRow.Standing;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.LiveWindow;
import io.winnow.trainer.window.LiveWindow.Block;
import io.winnow.trainer.window.Split;
import io.winnow.trainer.window.Window;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TorchTest.class)
class LiveModelTest {
    private static final Hyperparameters SMALL =
            new Hyperparameters(new Shape(16, 1, 0.1), OptimizerSpec.DEFAULT, 64, 5e-3, 5, 5_000, 5);

    @TempDir
    Path scratch;

    private final Contract contract = Streams.regression(1_000);
    private final Window window = Streams.window(contract, 600, 1, Streams.PRODUCT);
    private final History history = new History(window);
    private final Split split = Split.of(window);
    private Learned learned;

    @BeforeEach
    void learn() throws Exception {
        learned = new Learner(scratch, () -> false)
                .learn(
                        Recipe.of(window, history, split, SMALL),
                        window,
                        history,
                        split.fit(),
                        split.validation(),
                        SMALL,
                        1);
    }

    private LiveModel start(Hyperparameters hyper, long seed) throws Exception {
        return LiveModel.start(learned, window, history, split.seen(), hyper, scratch, seed);
    }

    /** The next rows of the stream. */
    private List<CleanRow> next(int rows, Streams.Law law) {
        List<CleanRow> all = new ArrayList<>();
        Streams.feed(contract, rows, 2, law, row -> {
            Row copy = new Row(contract);
            copy.eventTime = row.row().eventTime;
            copy.targetNumber = row.row().targetNumber;
            System.arraycopy(row.row().numbers, 0, copy.numbers, 0, copy.numbers.length);
            System.arraycopy(row.row().categories, 0, copy.categories, 0, copy.categories.length);
            all.add(new CleanRow(
                    row.partition(), row.offset(), row.rawOffset(), row.timestamp(), row.key(), row.standing(), copy));
        });
        return all;
    }

    /** Its answers to these rows, each learned after it. */
    private double[] answer(LiveModel model, LiveWindow live, List<CleanRow> rows, int blockRows) {
        List<Double> answers = new ArrayList<>();
        rows.forEach(live::add);
        while (live.freshRows() > 0) {
            Block block = live.block(blockRows);
            LiveModel.Answered answered = model.answer(block, new History(block.window()));
            Arrays.stream(answered.answers()).forEach(answers::add);
            answered.learn();
        }
        return answers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private float[] after(List<CleanRow> rows, int blockRows, long seed) throws Exception {
        try (LiveModel model = start(SMALL, seed)) {
            answer(model, new LiveWindow(contract), rows, blockRows);
            return model.state();
        }
    }

    @Test
    void theSameSeedAndRowsGiveTheSameStateBitForBit() throws Exception {
        List<CleanRow> rows = next(400, Streams.PRODUCT);
        float[] state = after(rows, 50, 7);
        assertThat(after(rows, 50, 7)).isEqualTo(state);
        assertThat(after(rows, 50, 8)).isNotEqualTo(state);
        assertThat(state).isNotEqualTo(learned.state());
        assertThat(after(rows.subList(0, LiveModel.STEP_ROWS - 1), 50, 7))
                .as("before the first step")
                .isEqualTo(learned.state());
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void itSaysWhatItHasLearnedAndIsPublishedAsItIsNow() throws Exception {
        List<CleanRow> rows = next(2 * LiveModel.STEP_ROWS + 1, Streams.PRODUCT);
        try (LiveModel model = start(SMALL, 7)) {
            assertThat(model.steps()).isZero();
            answer(model, new LiveWindow(contract), rows, 50);
            assertThat(model.steps()).isEqualTo(2);
            assertThat(model.learned()).isEqualTo(rows.size());
            Path file = scratch.resolve("live.pt");
            try (OutputStream out = Files.newOutputStream(file)) {
                model.archive().write(out);
            }
            assertThat(PublishedArchive.read(file, learned.recipe().spec()).state())
                    .isEqualTo(model.state())
                    .isNotEqualTo(learned.state());
        }
    }

    @Test
    void quarantinedRowsAreAnsweredAndChangeNothing() throws Exception {
        List<CleanRow> rows = next(300, Streams.PRODUCT);
        List<CleanRow> mixed = new ArrayList<>();
        List<CleanRow> wrong = next(300, (a, b, region, random) -> 1e6);
        for (int i = 0; i < rows.size(); i++) {
            mixed.add(rows.get(i));
            if (i % 3 == 0) {
                CleanRow w = wrong.get(i);
                mixed.add(
                        new CleanRow(w.partition(), i, w.rawOffset(), w.timestamp(), w.key(), Standing.ASIDE, w.row()));
            }
        }
        float[] state = after(rows, 50, 7);
        assertThat(after(mixed, 50, 7)).isEqualTo(state);
        try (LiveModel model = start(SMALL, 7)) {
            assertThat(answer(model, new LiveWindow(contract), mixed, 50)).hasSize(400);
        }
    }

    /** A rate that breaks every step: it is taken back, and the next step is half as far. */
    @Test
    void aLossThatIsNoNumberRestoresAndHalves() throws Exception {
        List<CleanRow> rows = next(200, Streams.PRODUCT);
        LiveWindow live = new LiveWindow(contract);
        try (LiveModel model = start(SMALL.withPeakRate(1e30), 7)) {
            answer(model, live, rows.subList(0, 50), 50);
            double first = moved(model);
            assertThat(first).isGreaterThan(1e20).isFinite();
            answer(model, live, rows.subList(50, 100), 50);
            assertThat(model.state()).isEqualTo(learned.state());
            double[] answers = answer(model, live, rows.subList(100, 150), 50);
            assertThat(Arrays.stream(answers)).allMatch(Double::isFinite);
            assertThat(moved(model) / first).isBetween(0.3, 0.7);
        }
    }

    /** The farthest that a weight is from where it started. */
    private double moved(LiveModel model) {
        float[] state = model.state();
        return IntStream.range(0, state.length)
                .mapToDouble(i -> Math.abs((double) state[i] - learned.state()[i]))
                .max()
                .orElseThrow();
    }

    /** It would stay in the sample, and every later loss would be infinite. */
    @Test
    void oneTargetBeyondAnyFloatDoesNotEndTheLearning() throws Exception {
        int[] count = new int[1];
        List<CleanRow> rows = next(
                200, (a, b, region, random) -> count[0]++ == 10 ? 1e300 : Streams.PRODUCT.target(a, b, region, random));
        // The first step is sure to see it.
        float[] early = after(rows.subList(0, LiveModel.STEP_ROWS), 50, 7);
        float[] late = after(rows, 50, 7);
        assertThat(early).isNotEqualTo(learned.state());
        assertThat(late).isNotEqualTo(early);
        for (float weight : late) {
            assertThat(weight).isFinite();
        }
    }
}
