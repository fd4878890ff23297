package io.winnow.trainer.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.model.OffsetRange;
import io.winnow.core.row.Row;
import io.winnow.trainer.Streams;
import io.winnow.trainer.window.CleanRow.Standing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LiveWindowTest {
    private final Contract contract = Streams.classification(500);

    private CleanRow row(int partition, long offset, long timestamp, String category, boolean released) {
        Row row = new Row(contract);
        row.eventTime = timestamp;
        row.numbers[0] = partition * 1_000_000d + offset;
        row.categories[2] = category;
        row.targetCategory = "c" + offset % 3;
        return new CleanRow(
                partition, offset, offset, timestamp, 1, released ? Standing.RELEASED : Standing.ACCEPTED, row);
    }

    /** Partitions are read unevenly, timestamps jump; still the window is one range of offsets in each partition. */
    @Test
    void readingTheRangesAgainGivesTheSameWindow() {
        Random random = new Random(5);
        LiveWindow live = new LiveWindow(contract);
        List<CleanRow> log = new ArrayList<>();
        long[] next = new long[3];
        for (int i = 0; i < 3_000; i++) {
            int partition = i < 1_000 ? 0 : random.nextInt(3);
            CleanRow row = row(partition, next[partition]++, i + random.nextInt(200), "v" + i % 7, false);
            log.add(row);
            live.add(row);
        }
        Window window = live.cut();
        assertThat(window.size()).isEqualTo(500);

        LiveWindow again = new LiveWindow(contract);
        for (OffsetRange range : window.ranges()) {
            log.stream()
                    .filter(r -> r.partition() == range.partition()
                            && r.offset() >= range.start()
                            && r.offset() < range.end())
                    .forEach(again::add);
        }
        Window copy = again.cut();
        assertThat(rows(copy)).isEqualTo(rows(window)).hasSize(500);
    }

    private static Set<List<Object>> rows(Window window) {
        Set<List<Object>> rows = new HashSet<>();
        for (int r = 0; r < window.size(); r++) {
            rows.add(List.of(
                    window.number(r, 0),
                    window.values(0).get(window.category(r, 0)),
                    window.classes().get((int) window.target(r)),
                    window.eventTime(r)));
        }
        return rows;
    }

    /** Its rows are shared, not copied: what comes later, and what goes, must not show. */
    @Test
    void aWindowThatWasCutNeverChanges() {
        LiveWindow live = new LiveWindow(Streams.classification(10_000));
        for (int i = 0; i < 5_000; i++) {
            live.add(row(0, i, i, "v" + i % 7, false));
        }
        Window window = live.cut();
        Set<List<Object>> before = rows(window);
        assertThat(before).hasSize(5_000);
        for (int i = 5_000; i < 30_000; i++) {
            live.add(row(0, i, i, "w" + i, false));
        }
        assertThat(live.cut().size()).isEqualTo(10_000);
        assertThat(rows(window)).isEqualTo(before);
    }

    @Test
    void categoriesThatLeftTheWindowLeaveTheDictionary() {
        LiveWindow live = new LiveWindow(contract);
        for (int i = 0; i < 30_000; i++) {
            live.add(row(0, i, i, "id-" + i, false));
        }
        Window window = live.cut();
        assertThat(window.values(0)).hasSize(500);
        int last = IntStream.range(0, 500).boxed().max(window::compareInTime).orElseThrow();
        assertThat(window.values(0).get(window.category(last, 0))).isEqualTo("id-29999");
    }

    @Test
    void releasedRowsJoinTrainingAtTheirTimeAndAreNeverHeldOut() {
        LiveWindow live = new LiveWindow(contract);
        for (int i = 0; i < 400; i++) {
            // Offsets in order of arrival; every tenth row is a release, and half of those lie in the newest fifth.
            live.add(row(0, i, i, "v", i % 10 == 0));
        }
        Window window = live.cut();
        Split split = Split.of(window);
        assertThat(IntStream.of(split.holdout())).hasSize(72).noneMatch(i -> window.standing(i) == Standing.RELEASED);
        assertThat(IntStream.of(split.seen())).anyMatch(i -> window.standing(i) == Standing.RELEASED);
        long firstHeldOut = window.eventTime(split.holdout()[0]);
        assertThat(IntStream.of(split.seen())).allMatch(r -> window.eventTime(r) < firstHeldOut);
        assertThat(IntStream.of(split.validation()))
                .allMatch(r -> window.eventTime(r) > window.eventTime(split.fit()[split.fit().length - 1]));
    }

    @Test
    void rowsWithoutTargetAreHistoryButNoExamples() {
        LiveWindow live = new LiveWindow(contract);
        for (int i = 0; i < 100; i++) {
            CleanRow clean = row(0, i, i, "v", false);
            if (i % 2 == 0) {
                clean.row().targetCategory = null;
            }
            live.add(clean);
        }
        Window window = live.cut();
        Split split = Split.of(window);
        assertThat(split.seen().length + split.holdout().length).isEqualTo(50);
        assertThat(window.target(new History(window).before(split.holdout()[3], 1)))
                .isNaN();
    }
}
