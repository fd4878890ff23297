package io.winnow.trainer.baseline;

import io.winnow.trainer.baseline.Refitted.Example;
import io.winnow.trainer.baseline.Refitted.Fitted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A random forest (Breiman 2001) over values in at most 64 bins, as gradient boosting libraries grow their trees. Its own
 * code because it is refitted while a stream runs: the library that we had fitted 5,000 rows of 70 columns in 30 s, this
 * one in a fraction of a second.
 *
 * @param seed of its draws
 */
public record Forest(long seed) implements Refitted.Learner {
    private static final int TREES = 50;
    private static final int DEPTH = 20;
    private static final int LEAF = 3;
    private static final int MOST_TRIED = 24;

    @Override
    public Fitted fit(List<Example> rows, boolean regression) {
        List<String> labels =
                rows.stream().map(Example::label).distinct().sorted().toList();
        int width = regression ? 1 : labels.size();
        double[] center = new double[width];
        float[] goals = new float[rows.size() * width];
        for (int i = 0; i < rows.size(); i++) {
            if (regression) {
                center[0] += rows.get(i).target() / rows.size();
            } else {
                goals[i * width + labels.indexOf(rows.get(i).label())] = 1;
            }
        }
        for (int i = 0; i < goals.length && regression; i++) {
            // From the mean, so that float32 has digits left for the differences.
            goals[i] = (float) (rows.get(i).target() - center[0]);
        }
        Bins bins = Bins.of(rows);
        // The usual shares: a third of the columns at each split for numbers, the root of their number for classes.
        int columns = bins.columns();
        int tried = Math.min(MOST_TRIED, regression ? (columns + 2) / 3 : (int) Math.ceil(Math.sqrt(columns)));
        SplittableRandom random = new SplittableRandom(seed);
        // Each from draws of its own, so on all cores at once: a fit is short, and reading a backlog waits for it.
        List<Tree> trees = IntStream.range(0, TREES).mapToObj(t -> random.split()).toList().parallelStream()
                .map(draws -> new Growth(bins, goals, width, tried, draws).tree())
                .toList();
        return vector -> {
            byte[] binned = bins.of(vector);
            double[] sum = new double[width];
            for (Tree tree : trees) {
                float[] leaf = tree.answer(binned);
                for (int k = 0; k < width; k++) {
                    sum[k] += leaf[k];
                }
            }
            if (regression) {
                return center[0] + sum[0] / TREES;
            }
            int best = 0;
            for (int k = 1; k < width; k++) {
                best = sum[k] > sum[best] ? k : best;
            }
            return labels.get(best);
        };
    }

    /**
     * Values by rank.
     *
     * @param cuts of each column, ascending: a value's bin is how many of them lie below it
     * @param values by column, then row
     */
    private record Bins(float[][] cuts, byte[][] values) {
        /** As many as a long has bits. */
        static final int MOST = 64;

        static Bins of(List<Example> rows) {
            int columns = rows.get(0).vector().length;
            float[][] cuts = new float[columns][];
            byte[][] values = new byte[columns][rows.size()];
            float[] sorted = new float[rows.size()];
            for (int c = 0; c < columns; c++) {
                for (int i = 0; i < sorted.length; i++) {
                    sorted[i] = (float) rows.get(i).vector()[c];
                }
                Arrays.sort(sorted);
                cuts[c] = cuts(sorted);
                for (int i = 0; i < sorted.length; i++) {
                    values[c][i] = bin(cuts[c], rows.get(i).vector()[c]);
                }
            }
            return new Bins(cuts, values);
        }

        private static float[] cuts(float[] sorted) {
            float[] cuts = new float[MOST - 1];
            int count = 0;
            for (int b = 1; b < MOST; b++) {
                float cut = sorted[(int) ((long) b * (sorted.length - 1) / MOST)];
                // A value that many rows have makes one bin; nothing lies above the largest.
                if ((count == 0 || cut > cuts[count - 1]) && cut < sorted[sorted.length - 1]) {
                    cuts[count++] = cut;
                }
            }
            return Arrays.copyOf(cuts, count);
        }

        private static byte bin(float[] cuts, double value) {
            int at = Arrays.binarySearch(cuts, (float) value);
            return (byte) (at >= 0 ? at : -at - 1);
        }

        int columns() {
            return cuts.length;
        }

        byte[] of(double[] vector) {
            byte[] binned = new byte[vector.length];
            for (int c = 0; c < vector.length; c++) {
                binned[c] = bin(cuts[c], vector[c]);
            }
            return binned;
        }
    }

    /** A grown tree: node i sends a row to its left child where the column's bin is at most {@code bins[i]}. */
    private record Tree(int[] columns, byte[] bins, int[] left, int[] right, float[][] leaves) {
        float[] answer(byte[] row) {
            int at = 0;
            while (columns[at] >= 0) {
                at = row[columns[at]] <= bins[at] ? left[at] : right[at];
            }
            return leaves[at];
        }
    }

    /** One tree in the making, on rows drawn with replacement. */
    private static final class Growth {
        private final Bins bins;
        /** Of each row, so many numbers as {@link #width} says. */
        private final float[] goals;

        private final int width;
        private final int tried;
        private final SplittableRandom random;
        private final int[] rows;
        private final int[] order;
        private final double[] sums;
        private final int[] counts = new int[Bins.MOST];
        /** The bins that rows were gathered in, one bit each: small nodes are many, and have rows in few. */
        private long used;

        private final List<int[]> links = new ArrayList<>();
        private final List<float[]> leaves = new ArrayList<>();

        Growth(Bins bins, float[] goals, int width, int tried, SplittableRandom random) {
            this.bins = bins;
            this.goals = goals;
            this.width = width;
            this.tried = tried;
            this.random = random;
            this.sums = new double[Bins.MOST * width];
            int n = goals.length / width;
            // In order, so that what is looked up lies close together.
            this.rows = random.ints(n, 0, n).sorted().toArray();
            this.order = IntStream.range(0, bins.columns()).toArray();
        }

        Tree tree() {
            grow(0, rows.length, 0);
            int n = links.size();
            int[] columns = new int[n];
            byte[] cuts = new byte[n];
            int[] left = new int[n];
            int[] right = new int[n];
            for (int i = 0; i < n; i++) {
                int[] link = links.get(i);
                columns[i] = link[0];
                cuts[i] = (byte) link[1];
                left[i] = link[2];
                right[i] = link[3];
            }
            return new Tree(columns, cuts, left, right, leaves.toArray(new float[0][]));
        }

        /** Grows a node over these rows; its number. */
        private int grow(int from, int to, int depth) {
            int node = links.size();
            double[] total = new double[width];
            for (int i = from; i < to; i++) {
                for (int k = 0; k < width; k++) {
                    total[k] += goals[rows[i] * width + k];
                }
            }
            int[] link = {-1, 0, 0, 0};
            links.add(link);
            float[] mean = new float[width];
            for (int k = 0; k < width; k++) {
                mean[k] = (float) (total[k] / (to - from));
            }
            leaves.add(mean);
            if (depth == DEPTH || to - from < 2 * LEAF || !split(from, to, total, link)) {
                return node;
            }
            int middle = partition(from, to, link[0], link[1]);
            link[2] = grow(from, middle, depth + 1);
            link[3] = grow(middle, to, depth + 1);
            return node;
        }

        /** Looks for the column and bin that part the goals best; whether any does. */
        private boolean split(int from, int to, double[] total, int[] link) {
            double least = squares(total, to - from) * (1 + 1e-9) + 1e-12;
            double best = least;
            for (int t = 0; t < tried; t++) {
                int swap = t + random.nextInt(order.length - t);
                int column = order[swap];
                order[swap] = order[t];
                order[t] = column;
                if (bins.cuts()[column].length == 0) {
                    continue;
                }
                gather(column, from, to);
                double[] left = new double[width];
                double[] right = total.clone();
                int count = 0;
                // Beyond the last one there is nothing to part.
                for (long rest = used; (rest & (rest - 1)) != 0; rest &= rest - 1) {
                    int bin = Long.numberOfTrailingZeros(rest);
                    count += counts[bin];
                    for (int k = 0; k < width; k++) {
                        left[k] += sums[bin * width + k];
                        right[k] -= sums[bin * width + k];
                    }
                    if (count >= LEAF && to - from - count >= LEAF) {
                        // Both the variance and Gini's impurity fall as the squares of the sums, by size, grow.
                        double gain = squares(left, count) + squares(right, to - from - count);
                        if (gain > best) {
                            best = gain;
                            link[0] = column;
                            link[1] = bin;
                        }
                    }
                }
            }
            return best > least;
        }

        private static double squares(double[] sum, int count) {
            double squares = 0;
            for (double s : sum) {
                squares += s * s;
            }
            return squares / count;
        }

        private void gather(int column, int from, int to) {
            for (; used != 0; used &= used - 1) {
                int bin = Long.numberOfTrailingZeros(used);
                counts[bin] = 0;
                Arrays.fill(sums, bin * width, (bin + 1) * width, 0);
            }
            used = width == 1 ? one(bins.values()[column], from, to) : many(bins.values()[column], from, to);
        }

        /** Here a forest spends its time: without a loop over goals, in half of it. */
        private long one(byte[] values, int from, int to) {
            long found = 0;
            for (int i = from; i < to; i++) {
                int row = rows[i];
                int bin = values[row];
                found |= 1L << bin;
                counts[bin]++;
                sums[bin] += goals[row];
            }
            return found;
        }

        private long many(byte[] values, int from, int to) {
            long found = 0;
            for (int i = from; i < to; i++) {
                int row = rows[i];
                int bin = values[row];
                found |= 1L << bin;
                counts[bin]++;
                for (int k = 0; k < width; k++) {
                    sums[bin * width + k] += goals[row * width + k];
                }
            }
            return found;
        }

        private int partition(int from, int to, int column, int bin) {
            byte[] values = bins.values()[column];
            int middle = from;
            for (int i = from; i < to; i++) {
                if (values[rows[i]] <= bin) {
                    int row = rows[i];
                    rows[i] = rows[middle];
                    rows[middle++] = row;
                }
            }
            return middle;
        }
    }
}
