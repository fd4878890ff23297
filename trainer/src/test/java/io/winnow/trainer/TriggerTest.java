package io.winnow.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Training;
import io.winnow.core.contract.WindowKind;
import io.winnow.trainer.Trigger.Situation;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TriggerTest {
    private final Trigger trigger = new Trigger(new Training(WindowKind.SLIDING, 1_000, 10, 50_000, 200));

    private boolean due(int window, long fresh, double minutes, double idle, boolean read, boolean any, boolean model) {
        return trigger.due(new Situation(
                window,
                fresh,
                any ? window : 0,
                Duration.ofMillis((long) (minutes * 60_000)),
                Duration.ofMillis((long) (idle * 1_000)),
                read,
                any,
                model));
    }

    @Test
    void afterSoManyRowsOnceTheReaderHasCaughtUp() {
        assertThat(due(5_000, 999, 1, 0, true, true, true)).isFalse();
        assertThat(due(5_000, 1_000, 1, 0, true, true, true)).isTrue();
        assertThat(due(5_000, 1_000, 1, 0, false, true, true)).isFalse();
        assertThat(due(9_000, 5_000, 1, 0, false, true, true)).isTrue();
    }

    @Test
    void theFirstDoesNotWaitForTheBacklog() {
        assertThat(due(1_000, 1_000, 0, 0, false, false, false)).isTrue();
    }

    @Test
    void afterSoManyMinutesIfThereIsAnythingNew() {
        assertThat(due(500, 1, 10, 0, true, true, true)).isTrue();
        assertThat(due(500, 1, 9.9, 0, true, true, true)).isFalse();
        assertThat(due(500, 0, 99, 99, true, true, true)).isFalse();
        assertThat(due(199, 199, 99, 99, true, false, false)).isFalse();
    }

    @Test
    void theFirstComesAtTheLeastRows() {
        assertThat(due(200, 200, 0, 0, true, false, false)).isTrue();
        assertThat(due(199, 199, 0, 9, true, false, false)).isFalse();
    }

    /** It need not grow by half: nothing more may come. */
    @Test
    void aStreamThatEndedWithoutAModelIsTrainedOnceMore() {
        assertThat(due(600, 200, 0, 2, true, true, false)).isTrue();
        assertThat(due(600, 200, 0, 1.9, true, true, false)).isFalse();
        assertThat(due(600, 199, 0, 9, true, true, false)).isFalse();
        assertThat(due(600, 200, 0, 9, true, true, true)).isFalse();
    }

    @Test
    void aYoungModelIsTrainedAgainWhenItsRowsGrewByHalf() {
        assertThat(grown(600, 299)).isFalse();
        assertThat(grown(600, 300)).isTrue();
        assertThat(grown(1_800, 899)).isFalse();
        assertThat(grown(1_800, 900)).isTrue();
        // Never before the least that is trained on, never later than the contract says.
        assertThat(grown(210, 199)).isFalse();
        assertThat(grown(210, 200)).isTrue();
        assertThat(grown(40_000, 999)).isFalse();
        assertThat(grown(40_000, 1_000)).isTrue();
    }

    /** Whether it is due so many rows after a training on so many. */
    private boolean grown(int trained, long fresh) {
        return trigger.due(
                new Situation((int) (trained + fresh), fresh, trained, Duration.ZERO, Duration.ZERO, true, true, true));
    }
}
