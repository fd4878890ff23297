package io.winnow.trainer.window;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import io.winnow.trainer.window.CleanRow.Standing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The newest rows of the clean topic, kept as they come. "Newest" is by arrival: the largest Kafka timestamp up to that
 * offset in its partition, so that in each partition the rows kept are a range of offsets. Not thread-safe.
 */
public final class LiveWindow {
    /** Rows of a key that may come this much out of order and still see their history in a block. */
    private static final int LATE = 16;

    private final Contract contract;
    private final Columns columns;
    private final int[] numberSources;
    private final int[] categorySources;
    private final int maxRows;
    private Rows rows;
    private List<Dictionary> dictionaries;
    private long[] latest = new long[0];
    /** The last accepted row of each key. */
    private final Map<Long, Integer> newest = new HashMap<>();
    /** The first row that no block has held. */
    private int fresh;
    /** Quarantined rows held. */
    private int aside;

    /** An empty window of at most {@code contract.training().rowsKept()} rows. */
    public LiveWindow(Contract contract) {
        this.contract = contract;
        this.columns = Columns.of(contract);
        this.numberSources = Columns.numberSources(contract);
        this.categorySources = Columns.categorySources(contract);
        this.maxRows = contract.training().rowsKept();
        this.rows = new Rows(1024, numberSources.length, categorySources.length);
        this.dictionaries = dictionaries();
    }

    /** The contract that its rows were decoded by. */
    public Contract contract() {
        return contract;
    }

    /** Adds a row; rows of one partition in order of offset. */
    public void add(CleanRow clean) {
        // A quarter more than is needed, so that rows are moved rarely.
        if (rows.size - aside >= maxRows + maxRows / 4 + 64 || rows.size >= 2 * maxRows + maxRows / 2 + 64) {
            keepNewest();
        }
        rows.grow();
        int partition = clean.partition();
        if (partition >= latest.length) {
            int from = latest.length;
            latest = Arrays.copyOf(latest, partition + 1);
            Arrays.fill(latest, from, latest.length, Long.MIN_VALUE);
        }
        latest[partition] = Math.max(latest[partition], clean.timestamp());
        Row row = clean.row();
        int i = rows.size++;
        rows.partition[i] = partition;
        rows.offset[i] = clean.offset();
        rows.rawOffset[i] = clean.rawOffset();
        rows.arrival[i] = latest[partition];
        rows.eventTime[i] = row.eventTime == Row.NO_TIME ? clean.timestamp() : row.eventTime;
        rows.key[i] = clean.key();
        rows.standing[i] = clean.standing();
        rows.previous[i] = newest.getOrDefault(clean.key(), -1);
        aside += clean.standing() == Standing.ASIDE ? 1 : 0;
        if (clean.standing() == Standing.ACCEPTED) {
            newest.put(clean.key(), i);
        }
        rows.target[i] = target(row);
        for (int c = 0; c < numberSources.length; c++) {
            int source = numberSources[c];
            rows.numbers[i * numberSources.length + c] = source < 0 ? row.eventTime : row.numbers[source];
        }
        for (int c = 0; c < categorySources.length; c++) {
            rows.categories[i * categorySources.length + c] =
                    dictionaries.get(c).id(row.categories[categorySources[c]]);
        }
    }

    private double target(Row row) {
        if (columns.target().isRegression()) {
            return row.targetNumber;
        }
        int id = dictionaries.get(categorySources.length).id(Columns.classOf(row, columns.target()));
        return id < 0 ? Double.NaN : id;
    }

    /** Rows held that may be learned from. */
    public int size() {
        return Math.min(rows.size - aside, maxRows);
    }

    /**
     * Rows that came since the last block, as a window of their own with what came before them, so that a history of it
     * shows the same as one of the whole window.
     *
     * @param window the earlier rows, then the new ones
     * @param rows the new rows' numbers in it, in order of arrival
     */
    public record Block(Window window, int[] rows) {}

    /** How many rows the next block will have. */
    public int freshRows() {
        return rows.size - fresh;
    }

    /** No block will hold the next rows, at most this many. */
    public void skip(int most) {
        fresh += Math.min(most, rows.size - fresh);
    }

    /** The next block, of at most this many rows. */
    public Block block(int most) {
        int end = Math.min(rows.size, fresh + most);
        BitSet needed = new BitSet(rows.size);
        for (int i = fresh; i < end; i++) {
            needed.set(i);
            int at = rows.previous[i];
            // A row that came late may lie anywhere among those before it: a few more than are looked at.
            for (int back = 0; back < contract.derive().depth() + LATE && at >= 0; back++) {
                needed.set(at);
                at = rows.previous[at];
            }
        }
        int[] chosen = needed.stream().toArray();
        int count = end - fresh;
        fresh = end;
        Window window = new Window(contract, columns, rows.select(chosen, chosen.length), values());
        return new Block(
                window, IntStream.range(chosen.length - count, chosen.length).toArray());
    }

    private List<List<String>> values() {
        return dictionaries.stream().map(Dictionary::values).toList();
    }

    /** A copy of the newest rows, for one training. */
    public Window cut() {
        keepNewest();
        List<List<String>> values =
                dictionaries.stream().map(d -> List.copyOf(d.values())).toList();
        return new Window(contract, columns, rows.copy(), values);
    }

    private void keepNewest() {
        if (rows.size - aside <= maxRows && rows.size <= 2 * maxRows) {
            return;
        }
        Rows all = rows;
        int[] order = IntStream.range(0, all.size)
                .boxed()
                .sorted(Comparator.<Integer>comparingLong(i -> all.arrival[i])
                        .thenComparingInt(i -> all.partition[i])
                        .thenComparingLong(i -> all.offset[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        int from = all.size;
        // Quarantined rows come along, but not without bound.
        for (int kept = 0; from > 0 && kept < maxRows && all.size - from < 2 * maxRows; ) {
            kept += all.standing[order[--from]] == Standing.ASIDE ? 0 : 1;
        }
        int[] chosen = Arrays.stream(order, from, all.size).sorted().toArray();
        rows = all.select(chosen, maxRows + maxRows / 4 + 64);
        int before = Arrays.binarySearch(chosen, fresh);
        fresh = before < 0 ? -before - 1 : before;
        newest.clear();
        aside = 0;
        for (int i = 0; i < rows.size; i++) {
            if (rows.standing[i] == Standing.ACCEPTED) {
                newest.put(rows.key[i], i);
            }
            aside += rows.standing[i] == Standing.ASIDE ? 1 : 0;
        }
        rebuildDictionaries();
    }

    /** Values that left the window make room for those that come. */
    private void rebuildDictionaries() {
        List<Dictionary> old = dictionaries;
        dictionaries = dictionaries();
        int width = categorySources.length;
        for (int i = 0; i < rows.size; i++) {
            for (int c = 0; c < width; c++) {
                int id = rows.categories[i * width + c];
                rows.categories[i * width + c] =
                        id < 0 ? -1 : dictionaries.get(c).id(old.get(c).values().get(id));
            }
            if (!columns.target().isRegression() && !Double.isNaN(rows.target[i])) {
                rows.target[i] =
                        dictionaries.get(width).id(old.get(width).values().get((int) rows.target[i]));
            }
        }
    }

    /** One for each category column, and one for the target's classes. */
    private List<Dictionary> dictionaries() {
        List<Dictionary> fresh = new ArrayList<>();
        for (int c = 0; c <= categorySources.length; c++) {
            fresh.add(new Dictionary());
        }
        return fresh;
    }
}
