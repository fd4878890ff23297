package io.winnow.app.bench;

/**
 * What is to be measured.
 *
 * @param records in each run
 * @param warmUps rounds that are run first and not counted
 * @param rounds that are counted
 * @param seed of the values
 */
public record BenchPlan(int records, int warmUps, int rounds, long seed) {
    public BenchPlan {
        if (records < 1_000) {
            throw new IllegalArgumentException(
                    "at least 1000 records must be run, not " + records + ": fewer pass before the clock moves");
        }
        if (warmUps < 0 || rounds < 1) {
            throw new IllegalArgumentException("at least one round must count, not " + rounds);
        }
    }
}
