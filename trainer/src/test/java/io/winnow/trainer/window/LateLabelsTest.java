package io.winnow.trainer.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.model.OffsetRange;
import io.winnow.core.row.Row;
import io.winnow.trainer.Streams;
import io.winnow.trainer.window.CleanRow.Standing;
import io.winnow.trainer.window.Label.Fate;
import io.winnow.trainer.window.LiveWindow.Block;
import io.winnow.trainer.window.LiveWindow.Labelling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels that come later than their rows: which row they join, and who may see them. */
class LateLabelsTest {
    private static final long SECOND = 1_000;

    private final Contract contract =
            ContractReader.parse(Streams.yaml("number", 400) + "labels: {within: 60s}\n", "test.yaml");
    private final LiveWindow live = new LiveWindow(contract);
    private long labels;

    private CleanRow row(long number, long key, Standing standing) {
        Row row = new Row(contract);
        row.eventTime = number * SECOND;
        row.numbers[0] = number;
        return new CleanRow(0, number, number, number * SECOND, key, standing, row);
    }

    private Label label(long at, long key, @Nullable RawPlace raw, long eventTime, double value) {
        return new Label(0, labels++, at, key, raw, eventTime, value, null);
    }

    /** The targets in the window by row number; rows without one are left out. */
    private Map<Integer, Double> targets() {
        Window window = live.cut();
        Map<Integer, Double> targets = new HashMap<>();
        IntStream.range(0, window.size())
                .filter(i -> !Double.isNaN(window.target(i)))
                .forEach(i -> targets.put((int) window.number(i, 0), window.target(i)));
        return targets;
    }

    @Test
    void aLabelJoinsTheRowThatItNamesOrTheNewestOfItsKey() {
        for (int i = 0; i < 6; i++) {
            live.add(row(i, i % 2, Standing.ACCEPTED));
        }
        assertThat(live.add(label(9 * SECOND, 0, null, 0, 10))).as("by time").isEqualTo(Fate.JOINED);
        assertThat(live.add(label(9 * SECOND, 7, new RawPlace(0, 1), Row.NO_TIME, 11)))
                .as("by id, whatever the key")
                .isEqualTo(Fate.JOINED);
        assertThat(live.add(label(9 * SECOND, 0, null, Row.NO_TIME, 14))).isEqualTo(Fate.JOINED);
        assertThat(live.add(label(9 * SECOND, 0, null, Row.NO_TIME, 12)))
                .as("the next, as the newest has its label")
                .isEqualTo(Fate.JOINED);
        assertThat(live.add(label(3 * SECOND + 1, 1, null, Row.NO_TIME, 13)))
                .as("not one that came after it")
                .isEqualTo(Fate.JOINED);
        assertThat(targets()).isEqualTo(Map.of(0, 10.0, 1, 11.0, 4, 14.0, 2, 12.0, 3, 13.0));
        assertThat(live.cut().labelRanges()).containsExactly(new OffsetRange(0, 0, 5));
        assertThat(live.labelling()).isEqualTo(new Labelling(5, 0, 0, 0, 1));
        assertThat(live.learnable()).isEqualTo(5);
    }

    @Test
    void theFirstLabelStandsAndOneOfTheFieldsOwnIsNeverReplaced() {
        CleanRow whole = row(0, 1, Standing.ACCEPTED);
        whole.row().targetNumber = 5;
        live.add(whole);
        live.add(row(1, 1, Standing.ACCEPTED));
        live.add(label(2 * SECOND, 1, null, SECOND, 6));
        live.add(label(3 * SECOND, 1, null, SECOND, 7));
        live.add(label(3 * SECOND, 1, null, 0, 8));
        assertThat(targets()).isEqualTo(Map.of(0, 5.0, 1, 6.0));
        live.forget(100 * SECOND);
        assertThat(live.labelling()).isEqualTo(new Labelling(1, 0, 2, 0, 0));
    }

    @Test
    void whatComesTooLateIsNotUsedAndSaidToBe() {
        live.add(row(0, 1, Standing.ACCEPTED));
        live.add(row(1, 1, Standing.ACCEPTED));
        assertThat(live.add(label(60 * SECOND + 1, 1, null, 0, 1))).isEqualTo(Fate.LATE);
        assertThat(live.add(label(61 * SECOND, 1, null, SECOND, 2)))
                .as("just in time")
                .isEqualTo(Fate.JOINED);
        live.add(row(2, 1, Standing.ACCEPTED));
        live.forget(70 * SECOND);
        assertThat(live.add(label(70 * SECOND, 1, null, Row.NO_TIME, 3)))
                .as("its row was given up")
                .isEqualTo(Fate.LATE);
        assertThat(live.add(label(-1, 1, null, Row.NO_TIME, 3))).isEqualTo(Fate.BEFORE);
        assertThat(targets()).isEqualTo(Map.of(1, 2.0));
        assertThat(live.labelling()).isEqualTo(new Labelling(1, 2, 0, 2, 0));
    }

    @Test
    void aLabelThatIsReadBeforeItsRowWaitsForIt() {
        live.add(row(0, 9, Standing.ACCEPTED));
        assertThat(live.add(label(4 * SECOND, 1, null, 3 * SECOND, 1))).isEqualTo(Fate.WAITING);
        assertThat(live.add(label(4 * SECOND, 2, null, Row.NO_TIME, 2))).isEqualTo(Fate.WAITING);
        assertThat(live.add(label(4 * SECOND, 1, new RawPlace(0, 6), Row.NO_TIME, 3)))
                .isEqualTo(Fate.WAITING);
        live.add(row(2, 1, Standing.ACCEPTED));
        live.add(row(3, 1, Standing.ACCEPTED));
        live.add(row(4, 2, Standing.ACCEPTED));
        live.add(row(5, 2, Standing.ACCEPTED));
        live.add(row(6, 1, Standing.ACCEPTED));
        assertThat(targets()).isEqualTo(Map.of(3, 1.0, 4, 2.0, 6, 3.0));
        assertThat(live.labelling().joined()).isEqualTo(3);
    }

    /** A release is a second row of the same raw record, whenever it comes. */
    @Test
    void aReleasedRowGetsTheLabelOfItsQuarantinedSelf() {
        live.add(row(0, 1, Standing.ASIDE));
        live.add(row(1, 1, Standing.ASIDE));
        live.add(row(0, 1, Standing.RELEASED));
        live.add(label(5 * SECOND, 1, null, 0, 7));
        live.add(label(5 * SECOND, 1, null, SECOND, 8));
        live.add(row(1, 1, Standing.RELEASED));
        Window window = live.cut();
        assertThat(IntStream.range(0, 4).mapToDouble(window::target)).containsExactly(7.0, 8.0, 7.0, 8.0);
        assertThat(live.labelling().waiting()).isZero();
        assertThat(live.learnable()).isEqualTo(2);
    }

    @Test
    void aRowThatHasLeftTheWindowGetsNoLabel() {
        LiveWindow wide = new LiveWindow(
                ContractReader.parse(Streams.yaml("number", 400) + "labels: {within: 365d}\n", "test.yaml"));
        for (int i = 0; i < 1_000; i++) {
            wide.add(row(i, 1, Standing.ACCEPTED));
        }
        wide.cut();
        assertThat(wide.add(label(1_000 * SECOND, 1, null, 599 * SECOND, 1))).isEqualTo(Fate.LATE);
        assertThat(wide.add(label(1_000 * SECOND, 1, null, 600 * SECOND, 1))).isEqualTo(Fate.JOINED);
        assertThat(wide.labelling().joined()).isEqualTo(1);
    }

    @Test
    void whoWaitsIsBounded() {
        LiveWindow wide = new LiveWindow(
                ContractReader.parse(Streams.yaml("number", 2_000_000) + "labels: {within: 365d}\n", "test.yaml"));
        for (int i = 0; i < Unlabelled.MOST_ROWS + 500; i++) {
            wide.add(row(i, i, Standing.ACCEPTED));
        }
        for (int i = 0; i < Unlabelled.MOST_LABELS + 300; i++) {
            wide.add(label(i, -1, new RawPlace(7, i), Row.NO_TIME, 1));
        }
        assertThat(wide.labelling()).isEqualTo(new Labelling(0, 0, 300, 500, Unlabelled.MOST_ROWS));
    }

    private record Event(
            long at, @Nullable CleanRow row, @Nullable Label label) {}

    /** Rows and labels of several keys in the order they come; some labels never do. */
    private List<Event> events(long seed) {
        Random random = new Random(seed);
        PriorityQueue<Event> events = new PriorityQueue<>(java.util.Comparator.comparingLong(Event::at));
        for (int i = 0; i < 300; i++) {
            Standing standing = Standing.values()[Math.max(0, random.nextInt(10) - 7)];
            long key = random.nextInt(3);
            CleanRow row = row(i, key, standing);
            events.add(new Event(row.timestamp(), row, null));
            long at = row.timestamp() + 1 + 2 * random.nextInt(15_000);
            if (random.nextInt(5) == 0) {
                row.row().targetNumber = i;
            } else if (random.nextInt(8) > 0) {
                RawPlace id = random.nextBoolean() ? new RawPlace(0, i) : null;
                events.add(new Event(at, null, label(at, key, id, id == null ? row.timestamp() : Row.NO_TIME, i)));
            }
        }
        List<Event> inOrder = new ArrayList<>();
        while (!events.isEmpty()) {
            inOrder.add(events.remove());
        }
        return inOrder;
    }

    /** What a row saw when it came is what a training is shown of it later, and what it sees when its label has come. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void nobodySeesALabelThatWasNotThereWhenItCame(long seed) {
        Map<Long, List<Double>> seen = new HashMap<>();
        int hidden = 0;
        for (Event event : events(seed)) {
            if (event.row() != null) {
                live.add(event.row());
                Block block = live.block(10);
                seen.put(event.row().offset(), past(block.window(), block.rows()[0]));
            } else if (event.label() != null) {
                live.add(event.label());
                Block block = live.labelled(10);
                for (int row : block.rows()) {
                    assertThat(block.window().target(row))
                            .isEqualTo(block.window().number(row, 0));
                    assertThat(past(block.window(), row))
                            .isEqualTo(seen.get(block.window().offset(row)));
                }
            }
        }
        Window window = live.cut();
        History history = new History(window);
        for (int row = 0; row < window.size(); row++) {
            assertThat(past(window, row)).isEqualTo(seen.get(window.offset(row)));
            int before = history.before(row, 1);
            hidden += before >= 0
                            && !Double.isNaN(window.target(before))
                            && Double.isNaN(window.targetSeenBy(row, before))
                    ? 1
                    : 0;
        }
        assertThat(hidden).as("labels that came too late for the next row").isGreaterThan(50);
    }

    private List<Double> past(Window window, int row) {
        History history = new History(window);
        return IntStream.rangeClosed(1, contract.derive().depth())
                .map(lag -> history.before(row, lag))
                .mapToObj(before -> before < 0 ? Double.NaN : window.targetSeenBy(row, before))
                .toList();
    }

    @Test
    void whatWasNotKnownWhenTheHoldoutBeganIsNotLearnedBeforeIt() {
        for (int i = 0; i < 200; i++) {
            live.add(row(i, 1, Standing.ACCEPTED));
            if (i >= 20) {
                live.add(label(i * SECOND + 1, 1, null, (i - 20) * SECOND, i));
            }
        }
        Window window = live.cut();
        Split split = Split.of(window);
        assertThat(split.holdout()).hasSize(36);
        assertThat(window.eventTime(split.holdout()[0])).isEqualTo(144 * SECOND);
        // The label of row 123 came just before row 144.
        assertThat(split.seen()).hasSize(124);
        assertThat(split.delayed()).hasSize(20);
    }
}
