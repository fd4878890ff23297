package io.winnow.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.app.Failure;
import io.winnow.app.Winnow;
import io.winnow.app.home.StreamContracts;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelsCommandTest {
    @TempDir
    Path data;

    @Test
    void aTimeMayHaveAnOffset() {
        assertThat(ModelsAtCommand.parse("2026-03-02T08:00:00Z")).isEqualTo(Instant.parse("2026-03-02T08:00:00Z"));
        assertThat(ModelsAtCommand.parse("2026-03-02T08:00+01:00")).isEqualTo(Instant.parse("2026-03-02T07:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "2026-03-02", "2026-03-02T08:00:00", "\u001b[31m"})
    void aTimeThatIsNoneIsOneLine(String time) {
        assertThatThrownBy(() -> ModelsAtCommand.parse(time))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("TIME must be written like 2026-03-02T08:00:00Z")
                .hasMessageNotContaining("\u001b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "show m1", "at 2026-03-02T08:00:00Z", "pin", "rollback --why x", "reproduce m1"})
    void withoutAStreamItSaysToNameOne(String command) {
        assertThat(said("models " + command + " --data " + data))
                .contains("no stream is known on")
                .contains("--stream");
    }

    @Test
    void ofSeveralStreamsOneMustBeNamed() {
        StreamContracts.keep(data, "mill", "");
        StreamContracts.keep(data, "grid", "");
        assertThat(said("models list --data " + data)).contains("--stream S: grid, mill");
        assertThat(said("models list --stream ../x --data " + data)).contains("--stream must be");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"models promote m1", "models rollback", "models retire m1", "models promote --why x", "models"})
    void whatIsMissingIsNamed(String command) {
        assertThat(said(command))
                .containsAnyOf("--why", "ID", "models needs a command")
                .contains("--help");
    }

    /** What a command that fails says, on one line and a hint at most. */
    private static String said(String command) {
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try {
            System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
            assertThat(Winnow.run(command.split(" "))).isNotZero();
        } finally {
            System.setErr(err);
        }
        String text = said.toString(StandardCharsets.UTF_8);
        assertThat(text.lines().filter(line -> !line.startsWith("SLF4J")).count())
                .as(text)
                .isLessThanOrEqualTo(2);
        return text;
    }
}
