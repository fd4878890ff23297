package io.winnow.trainer.window;

import io.winnow.core.row.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Rows whose label may still come, and labels whose row may: whichever is read first waits for the other. Bounded. */
final class Unlabelled {
    /** Rows that wait at most; the oldest is given up for the next. */
    static final int MOST_ROWS = 200_000;
    /** Labels that wait at most. */
    static final int MOST_LABELS = 20_000;
    /** Labels of quarantined rows that are kept for the case that such a row is released. */
    private static final int MOST_ASIDE = 20_000;

    private static final Comparator<Waiting> IN_TIME =
            Comparator.comparingLong(Waiting::eventTime).thenComparingLong(Waiting::sequence);

    private final long within;
    private final Map<Long, NavigableSet<Waiting>> byKey = new HashMap<>();
    private final Map<RawPlace, Waiting> byPlace = new HashMap<>();
    /** All of them, as they came. */
    private final Map<Long, Waiting> rows = new LinkedHashMap<>();
    /** Labels without a row, by the raw record or the key that they name. */
    private final Map<Object, ArrayDeque<Label>> early = new HashMap<>();
    /** The same, as they came; those that have found their row among them. */
    private final ArrayDeque<Label> earlyInOrder = new ArrayDeque<>();

    private final Map<RawPlace, Label> aside = new LinkedHashMap<>();
    private long missed;
    private long unmatched;

    /**
     * A row that waits.
     *
     * @param sequence its number in order of arrival
     * @param twin a quarantined row of the same raw record that waits too, where this is its release
     */
    record Waiting(
            long sequence,
            RawPlace place,
            long key,
            long eventTime,
            long timestamp,
            @Nullable Waiting twin) {}

    /** What there is for a label: the rows that it belongs to, or that it is too late for its row. */
    record Found(List<Waiting> rows, boolean late) {
        private static final Found NOTHING = new Found(List.of(), false);
        private static final Found LATE = new Found(List.of(), true);
    }

    /**
     * Nothing yet.
     *
     * @param within how long a label may come after its row, in milliseconds
     */
    Unlabelled(long within) {
        this.within = within;
    }

    /** How long a label may come after its row, in milliseconds. */
    long within() {
        return within;
    }

    /** The label that is already there for this row; where there is none, it waits from now on. */
    @Nullable
    Label await(long sequence, CleanRow clean, long eventTime) {
        RawPlace place = new RawPlace(clean.partition(), clean.rawOffset());
        Label known = clean.standing() == CleanRow.Standing.RELEASED ? aside.get(place) : null;
        known = known == null ? early(place, place, clean.timestamp(), eventTime) : known;
        known = known == null ? early(clean.key(), place, clean.timestamp(), eventTime) : known;
        if (known != null) {
            return known;
        }
        if (rows.size() == MOST_ROWS) {
            remove(rows.values().iterator().next());
            missed++;
        }
        Waiting waiting = new Waiting(sequence, place, clean.key(), eventTime, clean.timestamp(), byPlace.get(place));
        rows.put(sequence, waiting);
        byPlace.put(place, waiting);
        byKey.computeIfAbsent(clean.key(), k -> new TreeSet<>(IN_TIME)).add(waiting);
        return null;
    }

    private @Nullable Label early(Object name, RawPlace place, long timestamp, long eventTime) {
        ArrayDeque<Label> labels = early.getOrDefault(name, new ArrayDeque<>());
        for (Iterator<Label> all = labels.iterator(); all.hasNext(); ) {
            Label label = all.next();
            boolean named = label.raw() != null
                    ? label.raw().equals(place)
                    : label.eventTime() == Row.NO_TIME
                            ? timestamp <= label.timestamp()
                            : label.eventTime() == eventTime;
            if (named && label.timestamp() - timestamp <= within) {
                all.remove();
                if (labels.isEmpty()) {
                    early.remove(name);
                }
                return label;
            }
        }
        return null;
    }

    /** Takes the rows that this label belongs to: one, or a quarantined row and its release. */
    Found take(Label label) {
        Waiting found = find(label);
        if (found == null) {
            return Found.NOTHING;
        }
        if (label.timestamp() - found.timestamp() > within) {
            return Found.LATE;
        }
        List<Waiting> taken = new ArrayList<>();
        for (Waiting w = byPlace.get(found.place()); w != null; w = w.twin()) {
            if (rows.containsKey(w.sequence())) {
                taken.add(w);
            }
        }
        taken.forEach(this::remove);
        return new Found(taken, false);
    }

    private @Nullable Waiting find(Label label) {
        if (label.raw() != null) {
            return byPlace.get(label.raw());
        }
        NavigableSet<Waiting> ofKey = byKey.get(label.key());
        if (ofKey == null) {
            return null;
        }
        if (label.eventTime() != Row.NO_TIME) {
            Waiting from = new Waiting(-1, new RawPlace(0, 0), 0, label.eventTime(), 0, null);
            Waiting first = ofKey.ceiling(from);
            return first == null || first.eventTime() != label.eventTime() ? null : first;
        }
        for (Waiting w : ofKey.descendingSet()) {
            if (w.timestamp() <= label.timestamp()) {
                return w;
            }
        }
        return null;
    }

    private void remove(Waiting gone) {
        rows.remove(gone.sequence());
        byPlace.remove(gone.place(), gone);
        NavigableSet<Waiting> ofKey = byKey.get(gone.key());
        if (ofKey != null && ofKey.remove(gone) && ofKey.isEmpty()) {
            byKey.remove(gone.key());
        }
    }

    /** A label waits for its row. */
    void await(Label label) {
        early.computeIfAbsent(name(label), n -> new ArrayDeque<>()).add(label);
        earlyInOrder.add(label);
        if (earlyInOrder.size() > MOST_LABELS) {
            drop(earlyInOrder.remove());
        }
    }

    private static Object name(Label label) {
        return label.raw() == null ? (Object) label.key() : label.raw();
    }

    private void drop(Label label) {
        ArrayDeque<Label> same = early.get(name(label));
        if (same != null && same.remove(label)) {
            unmatched++;
            if (same.isEmpty()) {
                early.remove(name(label));
            }
        }
    }

    /** A quarantined row has this label: its release, should it come, gets it too. */
    void keep(RawPlace place, Label label) {
        aside.put(place, label);
        if (aside.size() > MOST_ASIDE) {
            aside.remove(aside.keySet().iterator().next());
        }
    }

    /** Gives up what waits longer than allowed. */
    void forget(long now) {
        while (!rows.isEmpty()) {
            Waiting oldest = rows.values().iterator().next();
            if (now - oldest.timestamp() <= within) {
                break;
            }
            remove(oldest);
            missed++;
        }
        while (!earlyInOrder.isEmpty() && now - earlyInOrder.element().timestamp() > within) {
            drop(earlyInOrder.remove());
        }
    }

    /** Rows that wait. */
    int size() {
        return rows.size();
    }

    /** Rows that were given up. */
    long missed() {
        return missed;
    }

    /** Labels that were given up. */
    long unmatched() {
        return unmatched;
    }
}
