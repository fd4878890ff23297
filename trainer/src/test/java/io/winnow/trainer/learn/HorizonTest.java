package io.winnow.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.trainer.Streams;
import io.winnow.trainer.window.Label;
import io.winnow.trainer.window.LiveWindow;
import io.winnow.trainer.window.Split;
import io.winnow.trainer.window.Window;
import org.junit.jupiter.api.Test;

class HorizonTest {
    /** Rows are an hour apart. */
    private static final long HOUR = 3_600_000;

    private final Window window = Streams.window(Streams.regression(1_000), 1_000, 1, Streams.PRODUCT);
    private final Split split = Split.of(window);

    private static long newest(Window window, int[] rows) {
        return window.eventTime(rows[rows.length - 1]);
    }

    @Test
    void isAsFarAsWhatWasLearnedAndWhatChose() {
        Horizon horizon = Horizon.of(window, split.fit(), split.validation());
        assertThat(horizon).isEqualTo(new Horizon(newest(window, split.fit()), newest(window, split.validation()), -1));
        assertThat(horizon.isBefore(window, split)).isTrue();
        assertThat(horizon.and(new Horizon(0, Long.MAX_VALUE, 5)))
                .isEqualTo(new Horizon(horizon.learned(), Long.MAX_VALUE, 5));
    }

    @Test
    void whoHasLearnedARowThatChoosesOrSeenOneThatJudgesIsNotBefore() {
        long chooses = window.eventTime(split.validation()[0]);
        long judges = window.eventTime(split.holdout()[0]);
        assertThat(new Horizon(chooses - 1, judges - 1, -1).isBefore(window, split))
                .isTrue();
        assertThat(new Horizon(chooses, judges - 1, -1).isBefore(window, split)).isFalse();
        assertThat(new Horizon(chooses - 1, judges, -1).isBefore(window, split)).isFalse();
        assertThat(Horizon.UNKNOWN.isBefore(window, split)).isFalse();
    }

    /** It would know what comes to be known only in the midst of the holdout. */
    @Test
    void whoKnowsALabelThatCameAfterTheHoldoutBeganIsNotBefore() {
        Contract contract =
                ContractReader.parse(Streams.yaml("number", 1_000) + "labels: {within: 50h}\n", "test.yaml");
        LiveWindow live = new LiveWindow(contract);
        Streams.feed(contract, 1_000, 1, Streams.PRODUCT, row -> {
            double target = row.row().targetNumber;
            row.row().targetNumber = Double.NaN;
            live.add(row);
            long came = row.timestamp() + 20 * HOUR;
            live.add(new Label(0, row.offset(), came, row.key(), null, row.row().eventTime, target, null));
        });
        Window late = live.cut();
        Split parts = Split.of(late);
        Horizon horizon = Horizon.of(late, parts.fit(), parts.validation());
        long begins = late.timestamp(parts.holdout()[0]);
        assertThat(horizon.labelled())
                .isEqualTo(newest(late, parts.validation()) + 20 * HOUR)
                .isLessThan(begins);
        assertThat(horizon.isBefore(late, parts)).isTrue();
        assertThat(new Horizon(horizon.learned(), horizon.chosen(), begins).isBefore(late, parts))
                .isFalse();
    }
}
