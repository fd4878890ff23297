package io.winnow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final FakeTime time = new FakeTime();

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void plainLinesComeEveryFewSecondsWithRateAndTimeLeft() {
        try (Progress progress = Progress.to(out, false, time)) {
            for (int second = 1; second <= 12; second++) {
                time.pass(1);
                progress.at(new Progress.Position(second * 1_000L, second * 10L, 1_000));
            }
        }
        assertThat(text().lines())
                .containsExactly(
                        "5,000 records, 1,000 records/s, 5 %, 1 min 35 s left",
                        "10,000 records, 1,000 records/s, 10 %, 1 min 30 s left");
    }

    @Test
    void ofUnknownLengthNoTimeLeftIsGuessed() {
        try (Progress progress = Progress.to(out, false, time)) {
            time.pass(5);
            progress.at(new Progress.Position(50, 10, -1));
        }
        assertThat(text().lines()).containsExactly("50 records, 10 records/s");
    }

    @Test
    void notesFollowTheBar() {
        try (Progress progress = Progress.to(out, true, time)) {
            time.pass(1);
            progress.at(new Progress.Position(1_234, 1 << 20, 2 << 20));
            progress.note("f.csv:3: is broken");
        }
        assertThat(text()).contains("1,234 records").contains("50%");
        assertThat(text().lines().reduce("", (a, b) -> b)).isEqualTo("f.csv:3: is broken");
    }
}
