package io.winnow.core.sequence;

import org.jspecify.annotations.Nullable;

/**
 * A key's rows before the one at hand, as far as it is compared with them. Immutable.
 *
 * <p>Two rows: the last one, whatever became of it, and the last one that was accepted. A frozen sensor's run must go on
 * while its rows are set aside, and after a real step the new level must not be held against the old one for ever: hence
 * the last row. The way back from a wrong value is no second jump: hence the last accepted one.
 *
 * <p>Index {@code j} is the j-th of the contract's features that are no categories ({@link SequenceMemory#columns}).
 */
public final class Past {
    /** Runs are counted up to here. */
    public static final int MAX_RUN = 65_535;

    private final Reference reference;
    private final double[] last;
    private final double @Nullable [] accepted;

    /**
     * @param reference where the two rows lie, and the runs up to the last one
     * @param last the last row's numbers; NaN where missing
     * @param accepted the last accepted row's; null where there is none
     */
    private Past(Reference reference, double[] last, double @Nullable [] accepted) {
        this.reference = reference;
        this.last = last;
        this.accepted = accepted;
    }

    /**
     * The past that a reference stands for.
     *
     * @param last the last row's numbers; NaN where missing
     * @param accepted the last accepted row's; null where there is none
     * @throws IllegalArgumentException if there are more or fewer numbers than runs
     */
    public static Past of(Reference reference, double[] last, double @Nullable [] accepted) {
        int columns = reference.runs().length;
        if (last.length != columns
                || (accepted == null) != (reference.acceptedOffset() == Reference.NONE)
                || (accepted != null && accepted.length != columns)) {
            throw new IllegalArgumentException("the rows before do not fit their reference");
        }
        double[] kept = last.clone();
        boolean one = reference.acceptedOffset() == reference.offset();
        return new Past(reference, kept, accepted == null ? null : one ? kept : accepted.clone());
    }

    /**
     * The past of a key's next row.
     *
     * @param before the past of this row; null where it is the key's first
     * @param offset where this row lies
     * @param numbers its numbers, not copied; NaN where missing
     * @param isAccepted whether it was accepted
     */
    static Past after(@Nullable Past before, long offset, double[] numbers, boolean isAccepted) {
        int[] runs = new int[numbers.length];
        for (int j = 0; j < runs.length; j++) {
            runs[j] = before == null ? (Double.isNaN(numbers[j]) ? 0 : 1) : before.run(j, numbers[j]);
        }
        if (isAccepted) {
            return new Past(new Reference(offset, offset, runs), numbers, numbers);
        }
        return before == null
                ? new Past(new Reference(offset, Reference.NONE, runs), numbers, null)
                : new Past(new Reference(offset, before.reference.acceptedOffset(), runs), numbers, before.accepted);
    }

    /** Where its rows lie, and the runs up to the last one. */
    public Reference reference() {
        return reference;
    }

    /** The last row's number; NaN where missing. */
    public double last(int j) {
        return last[j];
    }

    /** The last accepted row's number; NaN where missing, and where no row was accepted. */
    public double accepted(int j) {
        return accepted == null ? Double.NaN : accepted[j];
    }

    /** For how many rows a field has had its value, up to the last row and with it; 0 where it is missing there. */
    public int run(int j) {
        return reference.run(j);
    }

    /** For how many rows it has had this value, this row included: 1 where it has just changed, 0 where it is missing. */
    public int run(int j, double now) {
        if (Double.isNaN(now)) {
            return 0;
        }
        return now == last[j] ? Math.min(MAX_RUN, reference.run(j) + 1) : 1;
    }

    double[] lastNumbers() {
        return last;
    }

    double @Nullable [] acceptedNumbers() {
        return accepted;
    }
}
