package io.winnow.trainer.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.trainer.Streams;
import io.winnow.trainer.evaluation.Contender;
import io.winnow.trainer.evaluation.Losses;
import io.winnow.trainer.window.Window;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScoreboardTest {
    private final Window window = Streams.window(Streams.regression(1_000), 400, 1, Streams.PRODUCT);
    private final Scoreboard board = new Scoreboard();

    @Test
    void onlyWhoWasAskedAboutEveryRowIsCompared() {
        assertThat(board.of(Contender.LINEAR, window, new int[] {0})).isEmpty();
        board.note(window, 0, Map.of(Contender.LINEAR, 1.5, Contender.CHAMPION, 0.5));
        board.note(window, 1, Map.of(Contender.LINEAR, 2.5));
        board.note(window, 3, Map.of(Contender.LINEAR, 3.5, Contender.CHAMPION, Double.NaN));

        assertThat(board.of(Contender.LINEAR, window, new int[] {3, 0})
                        .orElseThrow()
                        .perRow())
                .containsExactly(3.5, 1.5);
        assertThat(board.of(Contender.CHAMPION, window, new int[] {0})
                        .orElseThrow()
                        .perRow())
                .containsExactly(0.5);
        assertThat(board.of(Contender.LINEAR, window, new int[] {0, 2})).isEmpty();
        assertThat(board.of(Contender.CHAMPION, window, new int[] {0, 1})).isEmpty();
        assertThat(board.of(Contender.CHAMPION, window, new int[] {0, 3})).isEmpty();
        assertThat(board.of(Contender.LINEAR, window, new int[0])).isEmpty();
        assertThat(board.asked(window, new int[] {3, 2, 0, 1})).containsExactly(3, 0, 1);
    }

    @Test
    void evidenceIsWhatAllWereAskedAboutAndAnAnswerOfThenStands() {
        assertThat(board.common(EnumSet.of(Contender.LINEAR))).isEmpty();
        board.note(window, 0, Map.of(Contender.LINEAR, 1.0));
        board.note(window, 1, Map.of(Contender.LINEAR, 2.0, Contender.SHADOW, 0.5));
        board.note(window, 2, Map.of(Contender.LINEAR, 3.0));
        Set<Contender> both = EnumSet.of(Contender.LINEAR, Contender.SHADOW);
        board.fill(Contender.SHADOW, window, new int[] {1, 2, 7}, new Losses(new double[] {9, 0.25, 9}));

        Map<Contender, Losses> common = board.common(both);
        assertThat(common.keySet()).isEqualTo(both);
        assertThat(common.get(Contender.LINEAR).perRow()).containsExactly(2.0, 3.0);
        assertThat(common.get(Contender.SHADOW).perRow()).containsExactly(0.5, 0.25);
        board.clear(Contender.SHADOW);
        assertThat(board.common(both)).isEmpty();
    }

    @Test
    void theOldestAreForgottenAndOneThatCameAgainCountsByItsLastAnswer() {
        board.note(window, 0, Map.of(Contender.LINEAR, 1.0));
        board.note(window, 1, Map.of(Contender.LINEAR, 1.0));
        for (int i = 0; i < 49_999; i++) {
            board.note(window, 2 + i % 300, Map.of(Contender.LINEAR, (double) i));
        }
        assertThat(board.of(Contender.LINEAR, window, new int[] {0})).isEmpty();
        assertThat(board.of(Contender.LINEAR, window, new int[] {1})).isPresent();
        assertThat(board.of(Contender.LINEAR, window, new int[] {2 + 49_998 % 300})
                        .orElseThrow()
                        .perRow())
                .containsExactly(49_998.0);
    }
}
