package io.winnow.core.sequence;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Defect;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import java.util.function.LongFunction;
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
     * @param numbers of the row at an offset; NaN where missing. Not copied
     */
    static Past of(Reference reference, LongFunction<double[]> numbers) {
        double[] last = numbers.apply(reference.offset());
        if (reference.acceptedOffset() == reference.offset()) {
            return new Past(reference, last, last);
        }
        boolean any = reference.acceptedOffset() != Reference.NONE;
        return new Past(reference, last, any ? numbers.apply(reference.acceptedOffset()) : null);
    }

    /**
     * What a judged record was compared with, from its header and the records that this points to.
     *
     * @param context the header {@code dq.context}
     * @param values the raw value at an offset of the record's partition
     * @throws IllegalArgumentException if the header is not one of this contract's, or a record is not valid under it
     */
    public static Past of(Contract contract, String context, LongFunction<byte[]> values) {
        int[] columns = SequenceMemory.columns(contract);
        return of(
                Reference.parse(context, columns.length),
                offset -> numbers(contract, columns, offset, values.apply(offset)));
    }

    /**
     * The same for where the last accepted row may not be at hand. After this past the record is as surprising as it was,
     * or more: of two changes the smaller one counts, and the other is not known here.
     *
     * @param row the judged record
     * @param values the raw value at an offset of the record's partition; null where it is not at hand
     * @return null if the last row is not at hand, or lacks a number that the record has, so that nothing can be said
     * @throws IllegalArgumentException if the header is not one of this contract's, or the last row is not valid under it
     */
    public static @Nullable Past byLastRow(
            Contract contract, String context, Row row, LongFunction<byte @Nullable []> values) {
        int[] columns = SequenceMemory.columns(contract);
        Reference reference = Reference.parse(context, columns.length);
        byte[] value = values.apply(reference.offset());
        if (value == null) {
            return null;
        }
        double[] last = numbers(contract, columns, reference.offset(), value);
        if (reference.acceptedOffset() == reference.offset()) {
            return new Past(reference, last, last);
        }
        boolean isComplete = true;
        for (int j = 0; j < columns.length; j++) {
            isComplete &= !Double.isNaN(last[j]) || Double.isNaN(row.numbers[columns[j]]);
        }
        return isComplete || reference.acceptedOffset() == Reference.NONE ? new Past(reference, last, null) : null;
    }

    private static double[] numbers(Contract contract, int[] columns, long offset, byte[] value) {
        Row row = new Row(contract);
        Defect defect = new RowDecoder(contract).decode(value, row);
        if (defect != null) {
            throw new IllegalArgumentException("the record at offset " + offset + " is not valid: " + defect.detail());
        }
        return SequenceMemory.numbers(columns, row);
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
