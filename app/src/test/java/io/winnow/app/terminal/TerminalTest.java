package io.winnow.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TerminalTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
    private long millis;

    private Terminal terminal(boolean interactive) {
        return new Terminal(out, interactive, interactive, () -> TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aFileGetsAWaitingLineEveryTenSeconds() {
        Terminal terminal = terminal(false);
        for (millis = 0; millis < 35_000; millis += 100) {
            terminal.progress("waiting");
        }
        assertThat(text().lines()).containsExactly("waiting", "waiting", "waiting", "waiting");
    }

    @Test
    void aFileGetsWhatChangesEveryFiveSeconds() {
        Terminal terminal = terminal(false);
        for (millis = 0; millis < 20_000; millis += 100) {
            terminal.progress(millis + " ms");
        }
        assertThat(text().lines()).containsExactly("0 ms", "5000 ms", "10000 ms", "15000 ms");
    }

    @Test
    void aScreenGetsOneLineDrawnAgain() {
        Terminal terminal = terminal(true);
        for (millis = 0; millis < 1_000; millis += 10) {
            terminal.progress("waiting");
        }
        terminal.line("done");
        assertThat(text()).endsWith("\r\u001b[2Kdone\n").doesNotContain("waiting\n");
        assertThat(text().split("waiting", -1)).hasSize(11);
    }

    @Test
    void linesOfAFileHaveNoPaint() {
        Terminal terminal = terminal(false);
        terminal.line(terminal.red("bad") + terminal.green("good") + terminal.bold("b") + terminal.dim("d"));
        assertThat(text()).isEqualTo("badgoodbd\n");
    }
}
