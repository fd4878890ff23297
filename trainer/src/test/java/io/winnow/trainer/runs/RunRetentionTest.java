package io.winnow.trainer.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.trainer.runs.RunEvent.Started;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRetentionTest {
    @TempDir
    Path folder;

    private void run(String name, int second) throws IOException {
        Instant at = Instant.EPOCH.plusSeconds(second);
        Started started = new Started(at.toString(), name, "s", "0", 1, 1, List.of(), Map.of(), Map.of());
        RunRecorder.start(folder.resolve(name), started, InstantSource.fixed(at))
                .close();
    }

    @Test
    void theNewestAreKept() throws Exception {
        run("c", 1);
        run("a", 3);
        run("b", 2);
        RunRetention.keep(folder, 2);
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("a", "b");
        RunRetention.keep(folder, 2);
        assertThat(Run.below(folder)).hasSize(2);
        RunRetention.keep(folder, 0);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatOthersWroteStays() throws Exception {
        run("a", 1);
        Path note = Files.writeString(folder.resolve("a").resolve("note.txt"), "mine");
        Path broken = Files.createDirectory(folder.resolve("broken"));
        Files.writeString(broken.resolve(Run.FILE), "no run\n");
        RunRetention.keep(folder, 0);
        assertThat(note).exists();
        assertThat(note.getParent().toFile().list()).containsExactly("note.txt");
        assertThat(broken.resolve(Run.FILE)).exists();
        RunRetention.keep(folder.resolve("none"), 1);
    }
}
