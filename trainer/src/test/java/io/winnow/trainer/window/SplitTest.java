package io.winnow.trainer.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.model.OffsetRange;
import io.winnow.core.row.Row;
import io.winnow.trainer.Streams;
import io.winnow.trainer.window.CleanRow.Standing;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SplitTest {
    /** A row whose first number says which it is. */
    private static CleanRow row(Contract contract, int number, long offset, Standing standing) {
        Row row = new Row(contract);
        row.eventTime = 1_000_000L + number;
        row.numbers[0] = number;
        row.targetNumber = number % 7;
        return new CleanRow(0, offset, number, row.eventTime, 1, standing, row);
    }

    /** Accepted rows at even numbers; quarantined ones, if wanted, at some of the odd ones. */
    private static Window window(Contract contract, int accepted, boolean aside) {
        LiveWindow live = new LiveWindow(contract);
        long set = 5_000;
        for (int i = 0; i < accepted; i++) {
            live.add(row(contract, 2 * i, i, Standing.ACCEPTED));
            if (aside && i % 4 == 0) {
                live.add(row(contract, 2 * i + 1, set++, Standing.ASIDE));
            }
        }
        return live.cut();
    }

    private static int[] numbers(Window window, int[] rows) {
        return Arrays.stream(rows).map(r -> (int) window.number(r, 0)).toArray();
    }

    @Test
    void quarantinedRowsAreJudgedByAndNeverLearnedFrom() {
        Contract contract = Streams.regression(1_000);
        Window clean = window(contract, 400, false);
        Window mixed = window(contract, 400, true);
        Split one = Split.of(clean);
        Split other = Split.of(mixed);
        assertThat(numbers(mixed, other.fit())).isEqualTo(numbers(clean, one.fit()));
        assertThat(numbers(mixed, other.validation())).isEqualTo(numbers(clean, one.validation()));
        assertThat(one.holdout()).hasSize(80);
        // Every fourth of the newest 80 has a quarantined one behind it.
        assertThat(other.holdout()).hasSize(100);
        assertThat(Arrays.stream(other.holdout()).filter(r -> mixed.standing(r) == Standing.ASIDE))
                .hasSize(20);
        assertThat(numbers(mixed, other.holdout())).isSorted().startsWith(640);
    }

    @Test
    void rangesAndLearnableRowsLeaveQuarantinedOnesOut() {
        Window mixed = window(Streams.regression(1_000), 400, true);
        assertThat(mixed.size()).isEqualTo(500);
        assertThat(mixed.learnable()).isEqualTo(400);
        assertThat(mixed.ranges()).containsExactly(new OffsetRange(0, 0, 400));
    }

    @Test
    void quarantinedRowsPushNoLearnableOnesOutOfTheWindow() {
        Window mixed = window(Streams.regression(300), 400, true);
        assertThat(mixed.learnable()).isEqualTo(300);
        assertThat(mixed.ranges()).containsExactly(new OffsetRange(0, 100, 400));
    }

    @Test
    void aDecayedWindowThinsWhatIsOldAndAlwaysTheSameWay() {
        Contract sliding = Streams.regression(2_000);
        Contract decayed = ContractReader.parse(
                Streams.yaml("number", 2_000).replace("window-rows", "window: decayed, window-rows"), "test.yaml");
        Window window = window(decayed, 2_000, false);
        Split whole = Split.of(window(sliding, 2_000, false));
        Split thinned = Split.of(window);
        assertThat(thinned.validation()).isEqualTo(whole.validation());
        assertThat(thinned.holdout()).isEqualTo(whole.holdout());
        Window mixed = window(decayed, 2_000, true);
        assertThat(numbers(mixed, Split.of(mixed).fit()))
                .as("whatever was quarantined")
                .isEqualTo(numbers(window, thinned.fit()));
        assertThat(Split.of(window(decayed, 2_000, false)).fit()).isEqualTo(thinned.fit());

        // Half as many with each fifth of the window, 400 rows: of the newest 400 about 288, of those before about
        // half.
        int[] fit = numbers(window, thinned.fit());
        int end = whole.fit().length;
        long newest = Arrays.stream(fit).filter(n -> n / 2 >= end - 400).count();
        long before = Arrays.stream(fit)
                .filter(n -> n / 2 < end - 400 && n / 2 >= end - 800)
                .count();
        assertThat(newest).isBetween(255L, 322L);
        assertThat((double) before / newest).isBetween(0.37, 0.63);
        assertThat(fit).isSorted();
    }
}
