package io.winnow.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Training;
import io.winnow.core.contract.WindowKind;
import io.winnow.trainer.Trigger.Situation;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TriggerTest {
    private final Trigger trigger = new Trigger(new Training(WindowKind.SLIDING, 1_000, 10, 50_000, 200, 0.25));

    private boolean due(int window, long fresh, double minutes, double idle, boolean read, boolean any, boolean model) {
        return trigger.due(new Situation(
                window,
                fresh,
                any ? window : 0,
                Duration.ofMillis((long) (minutes * 60_000)),
                Duration.ZERO,
                Duration.ofMillis((long) (idle * 1_000)),
                read,
                any,
                model,
                false));
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
        assertThat(due(200, 200, 0, 0, false, false, false)).isTrue();
        assertThat(due(199, 199, 0, 0, false, false, false)).isFalse();
    }

    @Test
    void afterSoManyMinutesIfThereIsAnythingNew() {
        assertThat(due(500, 1, 10, 0, true, true, true)).isTrue();
        assertThat(due(500, 1, 9.9, 0, true, true, true)).isFalse();
        assertThat(due(500, 0, 99, 99, true, true, true)).isFalse();
        assertThat(due(199, 199, 99, 99, true, false, false)).isFalse();
    }

    @Test
    void aYoungModelIsTrainedAgainWhenItsRowsHaveGrownByHalf() {
        assertThat(grown(600, 299, false)).isFalse();
        assertThat(grown(600, 300, false)).isTrue();
        assertThat(grown(1_800, 899, false)).isFalse();
        assertThat(grown(1_800, 900, false)).isTrue();
        // Never before the least that is trained on, never later than the contract says.
        assertThat(grown(210, 199, false)).isFalse();
        assertThat(grown(210, 200, false)).isTrue();
        assertThat(grown(40_000, 999, false)).isFalse();
        assertThat(grown(40_000, 1_000, false)).isTrue();
    }

    @Test
    void drawnByDriftOnceThereIsEnoughThatIsNew() {
        assertThat(grown(1_800, 200, true)).isTrue();
        assertThat(grown(1_800, 199, true)).isFalse();
        assertThat(grown(1_800, 200, false)).isFalse();
    }

    /** Whether it is due so many rows after a training on so many. */
    private boolean grown(int trained, long fresh, boolean drifted) {
        return trigger.due(new Situation(
                (int) (trained + fresh),
                fresh,
                trained,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                true,
                true,
                true,
                drifted));
    }

    @Test
    void itRestsSoThatTrainingsTakeTheirShareOfTimeAndNoMore() {
        assertThat(rested(29_999)).isFalse();
        assertThat(rested(30_000)).isTrue();
    }

    /** Whether it is due so long after a training of ten seconds: a quarter of the time is three times as long a rest. */
    private boolean rested(long millis) {
        return trigger.due(new Situation(
                9_000,
                5_000,
                4_000,
                Duration.ofMillis(millis),
                Duration.ofSeconds(10),
                Duration.ZERO,
                true,
                true,
                true,
                false));
    }

    @Test
    void aStreamThatEndedWithoutAModelIsTrainedOnceMore() {
        assertThat(due(1_000, 200, 0, 2, true, true, false)).isTrue();
        assertThat(due(1_000, 200, 0, 1.9, true, true, false)).isFalse();
        assertThat(due(1_000, 199, 0, 9, true, true, false)).isFalse();
        assertThat(due(1_000, 200, 0, 9, true, true, true)).isFalse();
    }
}
