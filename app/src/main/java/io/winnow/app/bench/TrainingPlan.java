package io.winnow.app.bench;

/**
 * What is to be measured.
 *
 * @param rows of the window
 * @param retrains on the same window after the first training
 * @param memoryMiB of the trainer's heap, at most
 * @param seed of the values
 */
public record TrainingPlan(int rows, int retrains, int memoryMiB, long seed) {
    public TrainingPlan {
        if (rows < 5_000) {
            throw new IllegalArgumentException(
                    "at least 5000 rows are needed, not " + rows + ": fewer make no model that passes for sure");
        }
        if (retrains < 0 || memoryMiB < 128) {
            throw new IllegalArgumentException("retrains must not be negative, and memory at least 128 MiB");
        }
    }
}
