package io.winnow.hygiene.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
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

    /** As Flink does it: one is there before the one before it goes. */
    @Test
    void a_job_that_runs_may_replace_them_meanwhile() throws Exception {
        checkpoint("job/chk-1", "x");
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> job = CompletableFuture.runAsync(() -> {
            for (int n = 2; !enough.get(); n++) {
                try {
                    checkpoint("job/chk-" + n, "x");
                    Path old = directory.resolve("job/chk-" + (n - 1));
                    Files.delete(old.resolve("_metadata"));
                    Files.delete(old);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        try {
            for (int look = 0; look < 300; look++) {
                assertThat(Checkpoints.newest(directory)).isPresent();
            }
        } finally {
            enough.set(true);
            job.get();
        }
    }
}
