package io.winnow.core.backtest;

import io.winnow.core.contract.Contract;
import io.winnow.core.hygiene.Judge;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.ProfileMaker;
import io.winnow.core.hygiene.Summary;
import io.winnow.core.row.Row;
import io.winnow.core.sequence.SequenceMemory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges the rows of a file as a stream's job would: the same cold start, then batches, each under the profile made of those
 * before. Verdicts come in order, some rows late.
 */
public final class HistoryJudge {
    /** Rows between two looks whether a profile is due before its time. */
    private static final int LOOK_ROWS = 64;

    private final Contract contract;
    private final Sink sink;
    private final @Nullable SequenceMemory memory;
    /** What is decided before the first row. */
    private final @Nullable Summary decided;

    private final List<Row> batch = new ArrayList<>();
    private final List<byte[]> coldStart = new ArrayList<>();
    private @Nullable Judge judge;
    /** Learned since the profile in force. */
    private @Nullable Summary accepted;

    private long rows;

    /** Takes each row's bits. */
    @FunctionalInterface
    public interface Sink {
        /**
         * A row was judged.
         *
         * @param number of the row, from 0
         * @param judge that said so
         */
        void judged(long number, Row row, double bits, Judge judge);
    }

    /** A judge that begins with nothing. */
    public HistoryJudge(Contract contract, Sink sink) {
        this(contract, null, sink);
    }

    HistoryJudge(Contract contract, @Nullable Summary decided, Sink sink) {
        this.contract = contract;
        this.decided = decided;
        this.sink = sink;
        this.memory = contract.contextPerKey() ? new SequenceMemory(contract) : null;
    }

    /**
     * Takes the next row.
     *
     * @param value the record's bytes
     * @param row the same decoded; the judge's from now on
     * @return whether a batch is full, and {@link #judge} due
     */
    public boolean add(byte[] value, Row row) {
        if (judge == null) {
            coldStart.add(value);
        }
        batch.add(row);
        return batch.size()
                >= (judge == null || accepted == null
                        ? ProfileMaker.FIRST_ROWS_PER_PROFILE
                        : ProfileMaker.rowsPerProfile(contract, judge.profile()) - accepted.rows());
    }

    /** Judges the rows that were taken since the last time; at the end of the file, what is left. */
    public void judge() {
        if (batch.isEmpty()) {
            return;
        }
        Judge current = judge;
        boolean first = current == null;
        if (current == null) {
            Profile profile = ProfileMaker.first(contract, coldStart);
            current = new Judge(contract, decided == null ? profile : ProfileMaker.next(contract, profile, decided));
            coldStart.clear();
        }
        Summary learned = accepted == null ? new Summary(current.profile()) : accepted;
        for (Row row : batch) {
            double bits = memory == null ? current.score(row, learned) : current.score(row, learned, memory, rows);
            sink.judged(rows++, row, bits, current);
            // The rows that the first profile was made of are in it already.
            if (!first && isDue(current.profile(), learned)) {
                Profile next = ProfileMaker.next(contract, current.profile(), learned);
                current = next == current.profile() ? current : new Judge(contract, next);
                learned = new Summary(next);
            }
        }
        judge = current;
        accepted = first ? new Summary(current.profile()) : learned;
        batch.clear();
    }

    private boolean isDue(Profile profile, Summary learned) {
        return learned.rows() >= ProfileMaker.rowsPerProfile(contract, profile)
                || (rows % LOOK_ROWS == 0 && ProfileMaker.isUrgent(profile, learned));
    }
}
