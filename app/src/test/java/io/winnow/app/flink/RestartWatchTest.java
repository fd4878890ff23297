package io.winnow.app.flink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RestartWatchTest {
    private static final Throwable CAUSE =
            new RuntimeException("recovery", new IllegalStateException("no topic s.clean\nand more"));

    private final RestartWatch watch = new RestartWatch("grid");

    @Test
    void anOrdinaryRestartIsNobodysConcern() {
        assertThat(watch.look(true, null)).isEmpty();
        assertThat(watch.look(false, CAUSE)).isEmpty();
        assertThat(watch.look(true, CAUSE)).isEmpty();
        assertThat(watch.look(false, CAUSE)).isEmpty();
    }

    @Test
    void aJobThatStaysDownIsToldOnceUntilItRanAgain() {
        watch.look(false, CAUSE);
        assertThat(watch.look(false, CAUSE))
                .hasValueSatisfying(line -> assertThat(line)
                        .contains("stream grid", "(no topic s.clean)")
                        .doesNotContain("\n"));
        assertThat(watch.look(false, CAUSE)).isEmpty();
        watch.look(true, CAUSE);
        watch.look(false, null);
        assertThat(watch.look(false, null))
                .hasValueSatisfying(line -> assertThat(line).contains("the log says why"));
    }
}
