package io.winnow.trainer.window;

import io.winnow.core.contract.Contract;
import io.winnow.core.model.OffsetRange;
import io.winnow.trainer.window.CleanRow.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A fixed set of rows to train and judge a model on. Never changes. */
public final class Window {
    private final Contract contract;
    private final Columns columns;
    private final Rows rows;
    private final List<List<String>> values;
    private final Map<Long, String> names;
    private final boolean late;

    Window(Contract contract, Columns columns, Rows rows, List<List<String>> values, Map<Long, String> names) {
        this.contract = contract;
        this.columns = columns;
        this.rows = rows;
        this.values = values;
        this.names = names;
        this.late = IntStream.range(0, rows.size()).anyMatch(i -> rows.labelled(i) != Rows.WITH_ROW);
    }

    /** The contract that its rows were decoded by. */
    public Contract contract() {
        return contract;
    }

    /** Rows that may be learned from. */
    public int learnable() {
        int count = 0;
        for (int i = 0; i < rows.size(); i++) {
            count += rows.standing(i) == Standing.ASIDE ? 0 : 1;
        }
        return count;
    }

    /** Its columns. */
    public Columns columns() {
        return columns;
    }

    /** How many rows it has. */
    public int size() {
        return rows.size();
    }

    /** The number in a numeric column; NaN where missing. */
    public double number(int row, int column) {
        return rows.number(row, column);
    }

    /** The id in a category column, a position in {@link #values}; −1 where missing. */
    public int category(int row, int column) {
        return rows.category(row, column);
    }

    /** What the ids in a category column stand for. */
    public List<String> values(int column) {
        return values.get(column);
    }

    /** The target: the number, or the position of its class in {@link #classes}; NaN where missing. */
    public double target(int row) {
        return rows.target(row);
    }

    /** The target of an earlier row as it was known when another came; NaN where its label came later than that. */
    public double targetSeenBy(int observer, int past) {
        return rows.labelled(past) < rows.timestamp(observer) ? rows.target(past) : Double.NaN;
    }

    /** Whether some of its targets came later than their rows. */
    public boolean hasLateLabels() {
        return late;
    }

    /** Whether the row's target came later than the row. */
    public boolean isLate(int row) {
        return rows.labelled(row) != Rows.WITH_ROW;
    }

    /** Since when the row's target is known, in epoch milliseconds by Kafka's timestamps; the smallest number where it came with the row. */
    public long labelled(int row) {
        return rows.labelled(row);
    }

    /** The Kafka timestamp of the row in epoch milliseconds. */
    public long timestamp(int row) {
        return rows.timestamp(row);
    }

    /** The classes in the window, in order of appearance; empty for regression. */
    public List<String> classes() {
        return values.get(values.size() - 1);
    }

    /** The row's partition. */
    public int partition(int row) {
        return rows.partition(row);
    }

    /** The row's offset on the topic that it was read from. */
    public long offset(int row) {
        return rows.offset(row);
    }

    /** The hash of the row's key. */
    public long key(int row) {
        return rows.key(row);
    }

    /** What the key with this hash is called, if that is known: anyone's text, legible and at most some 70 characters. */
    public Optional<String> keyName(long key) {
        return Optional.ofNullable(names.get(key));
    }

    /** Event time in epoch milliseconds. */
    public long eventTime(int row) {
        return rows.eventTime(row);
    }

    /** What became of it. */
    public Standing standing(int row) {
        return rows.standing(row);
    }

    /** A number for where the row is: partition and raw offset. */
    long place(int row) {
        return Rows.place(rows.partition(row), rows.rawOffset(row));
    }

    /** Order of event time; ties by partition, raw offset and offset, so that no two rows are equal. */
    public int compareInTime(int a, int b) {
        int order = Long.compare(rows.eventTime(a), rows.eventTime(b));
        order = order == 0 ? Integer.compare(rows.partition(a), rows.partition(b)) : order;
        order = order == 0 ? Long.compare(rows.rawOffset(a), rows.rawOffset(b)) : order;
        return order == 0 ? Long.compare(rows.offset(a), rows.offset(b)) : order;
    }

    /** Where those of its rows that may be learned from lie on the clean topic: reading these ranges again gives the same window. */
    public List<OffsetRange> ranges() {
        Map<Integer, long[]> byPartition = new TreeMap<>();
        for (int i = 0; i < rows.size(); i++) {
            if (rows.standing(i) != Standing.ASIDE) {
                widen(byPartition, rows.partition(i), rows.offset(i));
            }
        }
        return ranges(byPartition);
    }

    /** Where the labels that came later than their rows lie on the labels topic; empty where none did. */
    public List<OffsetRange> labelRanges() {
        Map<Integer, long[]> byPartition = new TreeMap<>();
        for (int i = 0; i < rows.size(); i++) {
            if (rows.standing(i) != Standing.ASIDE && isLate(i)) {
                long place = rows.labelPlace(i);
                widen(byPartition, (int) (place >>> Rows.PARTITION_SHIFT), place & ((1L << Rows.PARTITION_SHIFT) - 1));
            }
        }
        return ranges(byPartition);
    }

    private static void widen(Map<Integer, long[]> byPartition, int partition, long offset) {
        byPartition.merge(partition, new long[] {offset, offset + 1}, (a, b) ->
                new long[] {Math.min(a[0], b[0]), Math.max(a[1], b[1])});
    }

    private static List<OffsetRange> ranges(Map<Integer, long[]> byPartition) {
        List<OffsetRange> ranges = new ArrayList<>();
        byPartition.forEach((partition, range) -> ranges.add(new OffsetRange(partition, range[0], range[1])));
        return List.copyOf(ranges);
    }
}
