package io.winnow.trainer.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import io.winnow.trainer.Streams;
import io.winnow.trainer.window.CleanRow.Standing;
import io.winnow.trainer.window.LiveWindow.Block;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A block shows of each new row's past what the whole stream would, against a version that is too simple to be wrong. */
class BlockTest {
    private static final Comparator<CleanRow> IN_TIME = Comparator.<CleanRow>comparingLong(r -> r.row().eventTime)
            .thenComparingInt(CleanRow::partition)
            .thenComparingLong(CleanRow::rawOffset);

    private final Contract contract = Streams.regression(300);

    /** Several keys; rows late by a few; released and quarantined ones; old rows dropped again and again. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aBlockShowsTheSamePastAsTheWholeStream(long seed) {
        Random random = new Random(seed);
        LiveWindow live = new LiveWindow(contract);
        List<CleanRow> all = new ArrayList<>();
        int asked = 0;
        while (all.size() < 3_000) {
            int coming = 1 + random.nextInt(60);
            for (int i = 0; i < coming; i++) {
                CleanRow row = row(all.size(), random);
                all.add(row);
                live.add(row);
            }
            if (random.nextInt(8) == 0) {
                live.cut();
            }
            assertThat(live.freshRows()).isEqualTo(all.size() - asked);
            // Now and then in two pieces: the first must not see the second.
            int most = random.nextInt(3) == 0 ? Math.max(1, coming / 2) : coming;
            asked = check(live.block(most), all, asked);
            if (live.freshRows() > 0) {
                asked = check(live.block(coming), all, asked);
            }
            assertThat(live.freshRows()).isZero();
        }
    }

    private int check(Block block, List<CleanRow> all, int asked) {
        Window window = block.window();
        History history = new History(window);
        int end = asked + block.rows().length;
        List<CleanRow> arrived = all.subList(0, end);
        for (int i = 0; i < block.rows().length; i++) {
            CleanRow self = all.get(asked + i);
            int row = block.rows()[i];
            assertThat((int) window.number(row, 0)).isEqualTo(asked + i);
            assertThat(window.standing(row)).isEqualTo(self.standing());
            List<CleanRow> before = arrived.stream()
                    .filter(r ->
                            r.key() == self.key() && r.standing() == Standing.ACCEPTED && IN_TIME.compare(r, self) < 0)
                    .sorted(IN_TIME.reversed())
                    .toList();
            for (int lag = 1; lag <= contract.derive().depth(); lag++) {
                int got = history.before(row, lag);
                int expected = lag <= before.size() ? (int) before.get(lag - 1).row().numbers[0] : -1;
                assertThat(got < 0 ? -1 : (int) window.number(got, 0))
                        .as("row %s lag %s", asked + i, lag)
                        .isEqualTo(expected);
            }
        }
        return end;
    }

    private CleanRow row(int number, Random random) {
        Row row = new Row(contract);
        // A fifth of the rows come up to five rows of their key late.
        int late = random.nextInt(5) == 0 ? random.nextInt(20) : 0;
        row.eventTime = 1_000L + number - late;
        row.numbers[0] = number;
        row.targetNumber = random.nextInt(6) == 0 ? Double.NaN : number;
        long key = random.nextInt(4);
        Standing standing = Standing.values()[Math.max(0, random.nextInt(10) - 7)];
        // Quarantined rows are numbered on a topic of their own.
        long offset = standing == Standing.ASIDE ? number / 5 : number;
        return new CleanRow((int) key % 2, offset, number, number, key, standing, row);
    }

    @Test
    void whatIsSkippedIsPastButInNoBlock() {
        LiveWindow live = new LiveWindow(contract);
        Random random = new Random(9);
        List<CleanRow> all = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            all.add(row(i, random));
            live.add(all.get(i));
            if (i == 99) {
                live.skip(90);
                live.skip(10);
            }
        }
        assertThat(check(live.block(100), all, 100)).isEqualTo(150);
    }
}
