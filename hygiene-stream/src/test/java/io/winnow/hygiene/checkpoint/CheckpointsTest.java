package io.winnow.hygiene.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
    @TempDir
    Path directory;

    private Path checkpoint(String name, String metadata) throws IOException {
        Path path = Files.createDirectories(directory.resolve(name));
        return Files.writeString(path.resolve("_metadata"), metadata).getParent();
    }

    @Test
    void the_highest_number_that_is_complete_wins() throws IOException {
        checkpoint("job1/chk-9", "x");
        Path newest = checkpoint("job2/chk-10", "x");
        checkpoint("job2/chk-11", "");
        Files.createDirectories(directory.resolve("job2/chk-12"));
        checkpoint("job2/shared", "x");
        assertThat(Checkpoints.newest(directory)).contains(newest);
    }

    @Test
    void no_directory_or_no_checkpoint_is_a_fresh_start() throws IOException {
        assertThat(Checkpoints.newest(directory.resolve("absent"))).isEmpty();
        assertThat(Checkpoints.newest(directory)).isEmpty();
    }
}
