package io.winnow.trainer.window;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The newest rows of the clean topic, kept as they come. "Newest" is by arrival: the largest Kafka timestamp up to that
 * offset in its partition, so that in each partition the rows kept are a range of offsets. Not thread-safe.
 */
public final class LiveWindow {
    private final Contract contract;
    private final Columns columns;
    private final int[] numberSources;
    private final int[] categorySources;
    private final int maxRows;
    private Rows rows;
    private List<Dictionary> dictionaries;
    private long[] latest = new long[0];

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

    /** Adds a row; rows of one partition in order of offset. */
    public void add(CleanRow clean) {
        // A quarter more than is needed, so that rows are moved rarely.
        if (rows.size >= maxRows + maxRows / 4 + 64) {
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
        rows.released[i] = clean.released();
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

    /** Rows held, those about to be dropped not counted. */
    public int size() {
        return Math.min(rows.size, maxRows);
    }

    /** A copy of the newest rows, for one training. */
    public Window cut() {
        keepNewest();
        List<List<String>> values =
                dictionaries.stream().map(d -> List.copyOf(d.values())).toList();
        return new Window(contract, columns, rows.copy(), values);
    }

    private void keepNewest() {
        if (rows.size <= maxRows) {
            return;
        }
        Rows all = rows;
        int[] order = IntStream.range(0, all.size)
                .boxed()
                .sorted(Comparator.<Integer>comparingLong(i -> all.arrival[i])
                        .thenComparingInt(i -> all.partition[i])
                        .thenComparingLong(i -> all.offset[i]))
                .mapToInt(Integer::intValue)
                .skip((long) all.size - maxRows)
                .sorted()
                .toArray();
        rows = all.select(order, maxRows + maxRows / 4 + 64);
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
