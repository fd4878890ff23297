package io.winnow.trainer.window;

import io.winnow.core.contract.Contract;
import io.winnow.core.model.OffsetRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A fixed set of rows to train and judge a model on. Never changes. */
public final class Window {
    private final Contract contract;
    private final Columns columns;
    private final Rows rows;
    private final List<List<String>> values;

    Window(Contract contract, Columns columns, Rows rows, List<List<String>> values) {
        this.contract = contract;
        this.columns = columns;
        this.rows = rows;
        this.values = values;
    }

    /** The contract that its rows were decoded by. */
    public Contract contract() {
        return contract;
    }

    /** Its columns. */
    public Columns columns() {
        return columns;
    }

    /** How many rows it has. */
    public int size() {
        return rows.size;
    }

    /** The number in a numeric column; NaN where missing. */
    public double number(int row, int column) {
        return rows.numbers[row * columns.numbers().size() + column];
    }

    /** The id in a category column, a position in {@link #values}; −1 where missing. */
    public int category(int row, int column) {
        return rows.categories[row * columns.categories().size() + column];
    }

    /** What the ids in a category column stand for. */
    public List<String> values(int column) {
        return values.get(column);
    }

    /** The target: the number, or the position of its class in {@link #classes}; NaN where missing. */
    public double target(int row) {
        return rows.target[row];
    }

    /** The classes in the window, in order of appearance; empty for regression. */
    public List<String> classes() {
        return values.get(values.size() - 1);
    }

    /** The hash of the row's key. */
    public long key(int row) {
        return rows.key[row];
    }

    /** Event time in epoch milliseconds. */
    public long eventTime(int row) {
        return rows.eventTime[row];
    }

    /** Whether an operator released it. */
    public boolean released(int row) {
        return rows.released[row];
    }

    /** Order of event time; ties by partition, raw offset and offset, so that no two rows are equal. */
    public int compareInTime(int a, int b) {
        int order = Long.compare(rows.eventTime[a], rows.eventTime[b]);
        order = order == 0 ? Integer.compare(rows.partition[a], rows.partition[b]) : order;
        order = order == 0 ? Long.compare(rows.rawOffset[a], rows.rawOffset[b]) : order;
        return order == 0 ? Long.compare(rows.offset[a], rows.offset[b]) : order;
    }

    /** Where its rows lie on the clean topic: reading these ranges again gives the same window. */
    public List<OffsetRange> ranges() {
        Map<Integer, long[]> byPartition = new TreeMap<>();
        for (int i = 0; i < rows.size; i++) {
            long offset = rows.offset[i];
            byPartition.merge(rows.partition[i], new long[] {offset, offset + 1}, (a, b) ->
                    new long[] {Math.min(a[0], b[0]), Math.max(a[1], b[1])});
        }
        List<OffsetRange> ranges = new ArrayList<>();
        byPartition.forEach((partition, range) -> ranges.add(new OffsetRange(partition, range[0], range[1])));
        return List.copyOf(ranges);
    }
}
