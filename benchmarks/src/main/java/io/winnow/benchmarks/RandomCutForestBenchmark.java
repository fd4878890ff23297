package io.winnow.benchmarks;

import com.amazon.randomcutforest.RandomCutForest;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Random Cut Forest (Guha et al. 2016), 50 trees of 256 points, in one thread. */
@State(Scope.Thread)
@NullUnmarked // JMH fills the fields.
public class RandomCutForestBenchmark {
    /** Number fields of a row. */
    @Param({"9", "20", "50"})
    public int fields;

    private float[][] rows;
    private RandomCutForest forest;
    private int next;

    /** Learns all rows. */
    @Setup(Level.Trial)
    public void learn() {
        double[][] all = Rows.of(fields);
        rows = new float[all.length][fields];
        forest = RandomCutForest.builder()
                .dimensions(fields)
                .numberOfTrees(50)
                .sampleSize(256)
                .randomSeed(1)
                .build();
        for (int r = 0; r < all.length; r++) {
            for (int i = 0; i < fields; i++) {
                rows[r][i] = (float) all[r][i];
            }
            forest.update(rows[r]);
        }
    }

    /** A row to its score, and into the forest. */
    @Benchmark
    public double scoreAndLearn() {
        next = (next + 1) & (Rows.COUNT - 1);
        double score = forest.getAnomalyScore(rows[next]);
        forest.update(rows[next]);
        return score;
    }
}
