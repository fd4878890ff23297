package io.winnow.core.hygiene;

import io.winnow.core.row.Row;
import io.winnow.core.sequence.Past;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Two views of how a row follows its key's last ones: the change of each number that changed, and for how long each has
 * not. Only for contracts that ask for it ({@link io.winnow.core.contract.Contract#contextPerKey}).
 *
 * <p>Each number has tail bits {@code t} of both kinds; a view's raw score is log2 of the mean of {@code 2^t}, the negative
 * logarithm of the harmonic mean of the fields' tail probabilities (Wilson 2019). That is the largest of them, less the
 * price of having looked at so many: one frozen field among a hundred does not drown, as it would in an average.
 *
 * <p>A change is the smaller of two: since the last row, and since the last accepted one; see {@link Past}.
 *
 * <p>Both learn from all that is accepted, not only where the densities learn: the repeats of a fine sensor, and the ends
 * of a coarse one's runs, are all tail. Learned below five bits only, the ones would never be seen to happen and the others
 * never to come.
 */
final class SequenceView {
    /** Views: change and run. */
    static final int VIEWS = 2;

    private static final int CHANGE = 0;
    private static final int RUN = 1;
    private static final int TOGETHER = VIEWS;
    /**
     * Of two independent tails of {@code b} and {@code c} bits, {@code x = √(b² + c²)} or more has {@code x² / (x + 1.3)} bits,
     * give or take a quarter of a bit.
     */
    private static final double BOTH = 1.3;

    /** Changes are smaller than levels: in units of so small a part of the field's scale, the grid is fine enough. */
    private static final double PARTS = 32;
    /** Degrees of freedom of the tail beyond the changes that were seen. */
    private static final double DEGREES = 4;
    /** The farthest of so few changes says little about the next: the tail is half as thin then. */
    private static final double FEW = 300;

    private final Frame frame;
    private final float[] changeBits;
    private final double[] runBits;
    private final Correction[] corrections;

    /** Of the row last scored: the cell of each column's change, −1 where it has not changed. */
    private final int[] changeCells;
    /** Each column's change, in scales. */
    private final double[] changes;
    /** How long each column had been the same before this row, 0 where it is not comparable. */
    private final int[] runsBefore;
    /** How long it is the same now; 0 where missing. */
    private final int[] runs;

    private boolean compared;

    SequenceView(Frame frame, SequenceTally tally, double cut) {
        this.frame = frame;
        int d = frame.columns();
        changeBits = new float[d * Grid.CELLS];
        runBits = new double[d * (Runs.BINS + 1)];
        int[] cells = new int[Grid.CELLS];
        float[] bits = new float[Grid.CELLS];
        for (int j = 0; j < d; j++) {
            for (int i = 0; i < SequenceTally.CELLS; i++) {
                int count = tally.changes[j * SequenceTally.CELLS + i];
                cells[2 * i] = count / 2;
                cells[2 * i + 1] = count - count / 2;
            }
            Density.tailBits(cells, 0, Tally.ONE, bits);
            double seen = IntStream.of(cells).asLongStream().sum() / (double) Tally.ONE;
            double degrees = DEGREES * seen / (seen + FEW);
            goOn(cells, bits, Grid.HALF, 1, degrees);
            goOn(cells, bits, Grid.HALF - 1, -1, degrees);
            System.arraycopy(bits, 0, changeBits, j * Grid.CELLS, Grid.CELLS);
            Runs.bits(tally, j, runBits, j * (Runs.BINS + 1));
        }
        corrections = new Correction[SequenceTally.SCORES];
        for (int v = 0; v < corrections.length; v++) {
            corrections[v] = new Correction(tally.scores, v * Grid.CELLS, cut);
        }
        changeCells = new int[d];
        changes = new double[d];
        runsBefore = new int[d];
        runs = new int[d];
    }

    /**
     * Beyond the farthest change seen, the tail goes on as a Student-t with four degrees of freedom does: one that is four
     * times as far is eight bits more surprising. By counts alone, all that was never seen would be about the same.
     *
     * @param from the cell next to zero
     * @param step to the cells farther out
     * @param degrees of freedom
     */
    private static void goOn(int[] cells, float[] bits, int from, int step, double degrees) {
        int farthest = -1;
        for (int i = from; i >= 0 && i < Grid.CELLS; i += step) {
            if (cells[i] > 0) {
                farthest = i;
            } else if (farthest >= 0) {
                double times = Grid.middle(i) / Grid.middle(farthest);
                bits[i] = Math.max(bits[i], bits[farthest] + (float) (degrees * StrictMath.log(times) / Density.LOG2));
            }
        }
    }

    private SequenceView(SequenceView shared) {
        frame = shared.frame;
        changeBits = shared.changeBits;
        runBits = shared.runBits;
        corrections = shared.corrections;
        int d = frame.columns();
        changeCells = new int[d];
        changes = new double[d];
        runsBefore = new int[d];
        runs = new int[d];
    }

    /** The same tables with buffers of its own. */
    SequenceView forThread() {
        return new SequenceView(this);
    }

    /**
     * Compares a row with its key's last ones.
     *
     * @param past null where it is its key's first, or has no key
     * @param raw receives the two raw scores from {@code at}; NaN where there is nothing to compare with
     */
    void score(Row row, @Nullable Past past, double[] raw, int at) {
        compared = past != null && changeCells.length > 0;
        Arrays.fill(raw, at, at + VIEWS, Double.NaN);
        if (past == null || !compared) {
            return;
        }
        double changeOdds = 0;
        double runOdds = 0;
        for (int j = 0; j < changeCells.length; j++) {
            double now = row.numbers[frame.numeric[j]];
            runs[j] = past.run(j, now);
            runsBefore[j] = runs[j] == 0 ? 0 : past.run(j);
            change(j, now, past);
            changeOdds += odds(changeBits(j));
            runOdds += odds(runBits(j));
        }
        raw[at + CHANGE] = StrictMath.log(changeOdds / changeCells.length) / Density.LOG2;
        raw[at + RUN] = StrictMath.log(runOdds / changeCells.length) / Density.LOG2;
    }

    private void change(int j, double now, Past past) {
        changeCells[j] = -1;
        changes[j] = 0;
        // A value that is back, or stays, has not changed; how long it stays is a matter of its run.
        if (now != past.last(j) && now != past.accepted(j)) {
            smaller(j, (now - past.last(j)) / frame.scale[j]);
            smaller(j, (now - past.accepted(j)) / frame.scale[j]);
        }
    }

    /** Takes this change if it is the first one known, or less surprising; what is missing gives NaN, and none. */
    private void smaller(int j, double change) {
        if (Double.isNaN(change)) {
            return;
        }
        int cell = Grid.cell(change * PARTS);
        if (changeCells[j] < 0 || changeBits[j * Grid.CELLS + cell] < changeBits[j * Grid.CELLS + changeCells[j]]) {
            changes[j] = change;
            changeCells[j] = cell;
        }
    }

    private static double odds(double bits) {
        return bits == 0 ? 1 : StrictMath.pow(2, bits);
    }

    /** Whether the row last scored was compared with anything. */
    boolean isCompared() {
        return compared;
    }

    /**
     * How surprising a column's change is, in bits; 0 where there is none. Less what was surprising about the run that it
     * ends: a sensor that was frozen has to catch up, and that is no second fault.
     */
    double changeBits(int j) {
        if (!compared || changeCells[j] < 0) {
            return 0;
        }
        double ended = runsBefore[j] > 1 ? Runs.bits(runBits, j * (Runs.BINS + 1), runsBefore[j]) : 0;
        return Math.max(0, changeBits[j * Grid.CELLS + changeCells[j]] - ended);
    }

    /** A column's change in scales of the field, of a row that was compared; 0 where there is none. */
    double change(int j) {
        return changes[j];
    }

    /** How surprising a column's run is, in bits; 0 where its value is new. */
    double runBits(int j) {
        return compared && runs[j] > 1 ? Runs.bits(runBits, j * (Runs.BINS + 1), runs[j]) : 0;
    }

    /** For how many rows a column of a row that was compared has been the same, this one included; 0 where missing. */
    int run(int j) {
        return runs[j];
    }

    /**
     * What makes a feature as surprising as that, if it is how it follows the row before.
     *
     * @param feature its place in the contract
     * @param bits of the feature
     * @return a part of a sentence, from the colon on; empty if something else does
     */
    String why(int feature, double bits) {
        int j = Arrays.binarySearch(frame.numeric, feature);
        if (j >= 0 && runBits(j) > 0 && runBits(j) >= bits) {
            return ": unchanged for " + runs[j] + " rows";
        }
        return j >= 0 && changeBits(j) > 0 && changeBits(j) >= bits
                ? String.format(Locale.ROOT, ": changed by %.2g scales", changes[j])
                : "";
    }

    /**
     * The bits of a row, by all views.
     *
     * @param bits by the views of the row on its own
     * @param raw the two raw scores from {@code at}; receives that of all views after them
     */
    double together(double bits, double[] raw, int at) {
        double following =
                Double.isNaN(raw[at]) ? 0 : Math.max(bits(CHANGE, raw[at + CHANGE]), bits(RUN, raw[at + RUN]));
        double length = Math.sqrt(bits * bits + following * following);
        raw[at + TOGETHER] = length * length / (length + BOTH);
        return bits(TOGETHER, raw[at + TOGETHER]);
    }

    /** Calibrated bits of a view's raw score. */
    double bits(int view, double raw) {
        return corrections[view].of(raw);
    }

    /** Adds the changes of the row last scored, and whether runs went on or ended. */
    void learn(SequenceTally tally) {
        for (int j = 0; compared && j < changeCells.length; j++) {
            if (changeCells[j] >= 0) {
                tally.changes[j * SequenceTally.CELLS + changeCells[j] / 2]++;
            }
            if (runsBefore[j] > 0) {
                int[] ways = runs[j] > 1 ? tally.held : tally.ended;
                ways[j * Runs.BINS + Runs.bin(runsBefore[j])]++;
            }
        }
    }
}
