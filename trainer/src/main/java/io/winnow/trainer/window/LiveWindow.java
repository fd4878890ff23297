package io.winnow.trainer.window;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import io.winnow.trainer.window.CleanRow.Standing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The newest rows of the clean topic, kept as they come. "Newest" is by arrival: the largest Kafka timestamp up to that
 * offset in its partition, so that in each partition the rows kept are a range of offsets. Under a contract with {@code
 * labels}, targets may follow. Not thread-safe.
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
    /** Rows held that may be learned from, and whose target is known. */
    private int examples;

    private final KeyNames names = new KeyNames();
    private long sequence;
    private final @Nullable Unlabelled unlabelled;
    /** Rows that got their label after a block had held them, by their sequence. */
    private final ArrayDeque<Long> ripe = new ArrayDeque<>();

    private long earliest = Long.MAX_VALUE;
    private long joined;
    private long late;

    /** An empty window of at most {@code contract.training().rowsKept()} rows. */
    public LiveWindow(Contract contract) {
        this.contract = contract;
        this.columns = Columns.of(contract);
        this.numberSources = Columns.numberSources(contract);
        this.categorySources = Columns.categorySources(contract);
        this.maxRows = contract.training().rowsKept();
        this.rows = new Rows(numberSources.length, categorySources.length);
        this.dictionaries = dictionaries();
        this.unlabelled = contract.labels()
                .map(l -> new Unlabelled(l.within().toMillis()))
                .orElse(null);
    }

    /** The contract that its rows were decoded by. */
    public Contract contract() {
        return contract;
    }

    /** Adds a row; rows of one partition in order of offset. */
    public void add(CleanRow clean) {
        // A quarter more than is needed, so that rows are moved rarely.
        if (rows.size() - aside >= maxRows + maxRows / 4 + 64 || rows.size() >= 2 * maxRows + maxRows / 2 + 64) {
            keepNewest();
        }
        int partition = clean.partition();
        if (partition >= latest.length) {
            int from = latest.length;
            latest = Arrays.copyOf(latest, partition + 1);
            Arrays.fill(latest, from, latest.length, Long.MIN_VALUE);
        }
        latest[partition] = Math.max(latest[partition], clean.timestamp());
        Row row = clean.row();
        int i = rows.append();
        Rows.Page page = rows.page(i);
        int at = Rows.at(i);
        page.partition[at] = partition;
        page.offset[at] = clean.offset();
        page.rawOffset[at] = clean.rawOffset();
        page.arrival[at] = latest[partition];
        page.timestamp[at] = clean.timestamp();
        page.sequence[at] = sequence++;
        earliest = Math.min(earliest, clean.timestamp());
        page.eventTime[at] = row.eventTime == Row.NO_TIME ? clean.timestamp() : row.eventTime;
        page.key[at] = clean.key();
        page.standing[at] = clean.standing();
        page.previous[at] = newest.getOrDefault(clean.key(), -1);
        aside += clean.standing() == Standing.ASIDE ? 1 : 0;
        if (clean.standing() == Standing.ACCEPTED) {
            newest.put(clean.key(), i);
        }
        page.target[at] = target(row.targetNumber, row.targetCategory);
        page.labelled[at] = Rows.WITH_ROW;
        for (int c = 0; c < numberSources.length; c++) {
            int source = numberSources[c];
            page.numbers[at * numberSources.length + c] = source < 0 ? row.eventTime : row.numbers[source];
        }
        for (int c = 0; c < categorySources.length; c++) {
            page.categories[at * categorySources.length + c] =
                    dictionaries.get(c).id(row.categories[categorySources[c]]);
        }
        if (unlabelled != null && !row.hasTarget()) {
            Label label = unlabelled.await(rows.sequence(i), clean, rows.eventTime(i));
            if (label != null) {
                join(i, label);
                joined++;
            }
        } else {
            examples += isExample(i) ? 1 : 0;
        }
    }

    private double target(double number, @Nullable String category) {
        if (columns.target().isRegression()) {
            return number;
        }
        int id = dictionaries.get(categorySources.length).id(Columns.classOf(number, category, columns.target()));
        return id < 0 ? Double.NaN : id;
    }

    private boolean isExample(int i) {
        return rows.standing(i) != Standing.ASIDE && !Double.isNaN(rows.target(i));
    }

    /** The row has this label from now on, and had it since it was there for later rows to see. */
    private void join(int i, Label label) {
        Rows.Page page = rows.page(i);
        int at = Rows.at(i);
        page.target[at] = target(label.number(), label.category());
        page.labelled[at] = Math.max(label.timestamp(), page.timestamp[at]);
        page.labelPlace[at] = Rows.place(label.partition(), label.offset());
        examples += isExample(i) ? 1 : 0;
        if (i < fresh) {
            ripe.add(rows.sequence(i));
        }
        if (unlabelled != null && rows.standing(i) == Standing.ASIDE) {
            unlabelled.keep(new RawPlace(rows.partition(i), rows.rawOffset(i)), label);
        }
    }

    /**
     * Joins a label to its row, if that is there.
     *
     * @throws IllegalStateException if the contract does not say that labels may follow
     */
    public Label.Fate add(Label label) {
        if (unlabelled == null) {
            throw new IllegalStateException("the contract of " + contract.stream() + " has no labels section");
        }
        Unlabelled.Found found = unlabelled.take(label);
        int[] held = found.rows().stream()
                .mapToInt(row -> rows.withSequence(row.sequence()))
                .filter(i -> i >= 0)
                .toArray();
        if (held.length > 0) {
            Arrays.stream(held).forEach(i -> join(i, label));
            joined++;
            return Label.Fate.JOINED;
        }
        if (label.timestamp() < earliest) {
            return Label.Fate.BEFORE;
        }
        // A row that has left the window cannot be learned any more.
        if (found.late() || !found.rows().isEmpty() || isLate(label, unlabelled.within())) {
            late++;
            return Label.Fate.LATE;
        }
        unlabelled.await(label);
        return Label.Fate.WAITING;
    }

    /** Whether its row was given up, as far as that can be told. */
    private boolean isLate(Label label, long within) {
        if (label.raw() != null) {
            return false;
        }
        if (label.eventTime() != Row.NO_TIME) {
            return label.timestamp() - label.eventTime() > within;
        }
        int last = newest.getOrDefault(label.key(), -1);
        return last >= 0 && Double.isNaN(rows.target(last)) && label.timestamp() - rows.timestamp(last) > within;
    }

    /**
     * Gives up waiting for labels that are due.
     *
     * @param now how far the stream is, in epoch milliseconds by Kafka's timestamps
     */
    public void forget(long now) {
        if (unlabelled != null) {
            unlabelled.forget(now);
        }
    }

    /**
     * What became of labels so far.
     *
     * @param joined labels that a row has
     * @param late labels that came too long after their row
     * @param unmatched labels that no row came for
     * @param missed rows that no label came for in time
     * @param waiting rows that a label may still come for
     */
    public record Labelling(long joined, long late, long unmatched, long missed, int waiting) {}

    /** What became of labels so far. */
    public Labelling labelling() {
        return unlabelled == null
                ? new Labelling(0, 0, 0, 0, 0)
                : new Labelling(joined, late, unlabelled.unmatched(), unlabelled.missed(), unlabelled.size());
    }

    /** Rows held that may be learned from now: where labels may follow, those that have theirs. */
    public int learnable() {
        return unlabelled == null ? size() : Math.min(examples, maxRows);
    }

    /** Rows held that may be learned from. */
    public int size() {
        return Math.min(rows.size() - aside, maxRows);
    }

    /**
     * Rows that came since the last block, as a window of their own with what came before them, so that a history of it
     * shows the same as one of the whole window.
     *
     * @param window the earlier rows, then the new ones
     * @param rows the new rows' numbers in it, in order of arrival
     */
    public record Block(Window window, int[] rows) {}

    /** Notes what a row's key is called: its Kafka key. */
    public void name(long hash, byte @Nullable [] key) {
        names.note(hash, key);
    }

    /** How many rows the next block will have. */
    public int freshRows() {
        return rows.size() - fresh;
    }

    /** No block will hold the next rows, at most this many. */
    public void skip(int most) {
        fresh += Math.min(most, rows.size() - fresh);
    }

    /** The next block, of at most this many rows. */
    public Block block(int most) {
        int end = Math.min(rows.size(), fresh + most);
        int[] wanted = IntStream.range(fresh, end).toArray();
        fresh = end;
        return block(wanted);
    }

    /** Rows that got their label since a block held them, as a block again: at most this many, in order of arrival. */
    public Block labelled(int most) {
        IntStream.Builder wanted = IntStream.builder();
        for (int count = 0; count < most && !ripe.isEmpty(); count++) {
            int i = rows.withSequence(ripe.remove());
            if (i >= 0) {
                wanted.add(i);
            }
        }
        return block(wanted.build().sorted().toArray());
    }

    /** How many rows got their label since a block held them. */
    public int labelledRows() {
        return ripe.size();
    }

    private Block block(int[] wanted) {
        BitSet needed = new BitSet(rows.size());
        for (int i : wanted) {
            needed.set(i);
            int at = rows.previous(i);
            // A row that came late may lie anywhere among those before it: a few more than are looked at.
            for (int back = 0; back < contract.derive().depth() + LATE && at >= 0; back++) {
                needed.set(at);
                at = rows.previous(at);
            }
        }
        int[] chosen = needed.stream().toArray();
        Window window = new Window(contract, columns, rows.select(chosen), values(), Map.of());
        return new Block(
                window,
                Arrays.stream(wanted).map(i -> Arrays.binarySearch(chosen, i)).toArray());
    }

    private List<List<String>> values() {
        return dictionaries.stream().map(Dictionary::values).toList();
    }

    /** The newest rows, for one training; nothing that comes later shows in them. */
    public Window cut() {
        keepNewest();
        List<List<String>> values =
                dictionaries.stream().map(d -> List.copyOf(d.values())).toList();
        // Only a label changes a row that is there.
        Rows fixed = unlabelled == null
                ? rows.sharing()
                : rows.select(IntStream.range(0, rows.size()).toArray());
        return new Window(contract, columns, fixed, values, names.copy());
    }

    private void keepNewest() {
        if (rows.size() - aside <= maxRows && rows.size() <= 2 * maxRows) {
            return;
        }
        Rows all = rows;
        int[] order = IntStream.range(0, all.size())
                .boxed()
                .sorted(Comparator.<Integer>comparingLong(i -> all.arrival(i))
                        .thenComparingInt(i -> all.partition(i))
                        .thenComparingLong(i -> all.offset(i)))
                .mapToInt(Integer::intValue)
                .toArray();
        int from = all.size();
        // Quarantined rows come along, but not without bound.
        for (int kept = 0; from > 0 && kept < maxRows && all.size() - from < 2 * maxRows; ) {
            kept += all.standing(order[--from]) == Standing.ASIDE ? 0 : 1;
        }
        int[] chosen = Arrays.stream(order, from, all.size()).sorted().toArray();
        rows = all.select(chosen);
        int before = Arrays.binarySearch(chosen, fresh);
        fresh = before < 0 ? -before - 1 : before;
        newest.clear();
        aside = 0;
        examples = 0;
        for (int i = 0; i < rows.size(); i++) {
            examples += isExample(i) ? 1 : 0;
            if (rows.standing(i) == Standing.ACCEPTED) {
                newest.put(rows.key(i), i);
            }
            aside += rows.standing(i) == Standing.ASIDE ? 1 : 0;
        }
        names.retain(IntStream.range(0, rows.size()).mapToObj(rows::key).collect(Collectors.toSet()));
        rebuildDictionaries();
    }

    /** Values that left the window make room for those that come. */
    private void rebuildDictionaries() {
        List<Dictionary> old = dictionaries;
        dictionaries = dictionaries();
        int width = categorySources.length;
        for (int i = 0; i < rows.size(); i++) {
            Rows.Page page = rows.page(i);
            int at = Rows.at(i);
            for (int c = 0; c < width; c++) {
                int id = page.categories[at * width + c];
                page.categories[at * width + c] =
                        id < 0 ? -1 : dictionaries.get(c).id(old.get(c).values().get(id));
            }
            if (!columns.target().isRegression() && !Double.isNaN(page.target[at])) {
                page.target[at] =
                        dictionaries.get(width).id(old.get(width).values().get((int) page.target[at]));
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
