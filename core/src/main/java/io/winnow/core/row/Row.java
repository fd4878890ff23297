package io.winnow.core.row;

import io.winnow.core.contract.Contract;
import org.jspecify.annotations.Nullable;

/**
 * One decoded record: a buffer that {@link RowDecoder} fills and may be filled again. Not thread-safe.
 *
 * <p>Index {@code i} is the contract's i-th feature throughout.
 */
public final class Row {
    /** What {@link #eventTime} holds where the contract names no time field. */
    public static final long NO_TIME = Long.MIN_VALUE;

    /** Numbers as they are, booleans 0 or 1, times in epoch milliseconds; NaN where missing, and for categories. */
    public final double[] numbers;
    /** Category values; null where missing, and for every other type. */
    public final @Nullable String[] categories;
    /** Epoch milliseconds from the contract's time field, or {@link #NO_TIME}. */
    public long eventTime = NO_TIME;
    /** The target where it is a number (a boolean as 0 or 1), else NaN. */
    public double targetNumber = Double.NaN;
    /** The target where it is a category. */
    public @Nullable String targetCategory;
    /** The contract's key as text, where rows are compared with their key's ({@link Contract#contextPerKey}) and it has one. */
    public @Nullable String key;
    /** Fields of this record that the contract does not name. */
    public int ignoredFields;

    /** An empty row for this contract. */
    public Row(Contract contract) {
        this(contract.features().size());
    }

    /** An empty row of this many features. */
    public Row(int features) {
        numbers = new double[features];
        categories = new String[features];
        clear();
    }

    /** Everything missing. */
    public void clear() {
        java.util.Arrays.fill(numbers, Double.NaN);
        java.util.Arrays.fill(categories, null);
        eventTime = NO_TIME;
        targetNumber = Double.NaN;
        targetCategory = null;
        key = null;
        ignoredFields = 0;
    }

    /** Whether the record carries a target. */
    public boolean hasTarget() {
        return !Double.isNaN(targetNumber) || targetCategory != null;
    }

    /** Whether feature {@code i} is absent or null. */
    public boolean isMissing(int i) {
        return Double.isNaN(numbers[i]) && categories[i] == null;
    }

    /** A row of its own with the same content. */
    public Row copy() {
        Row row = new Row(numbers.length);
        System.arraycopy(numbers, 0, row.numbers, 0, numbers.length);
        System.arraycopy(categories, 0, row.categories, 0, categories.length);
        row.eventTime = eventTime;
        row.targetNumber = targetNumber;
        row.targetCategory = targetCategory;
        row.key = key;
        row.ignoredFields = ignoredFields;
        return row;
    }
}
