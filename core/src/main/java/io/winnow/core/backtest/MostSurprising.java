package io.winnow.core.backtest;

import io.winnow.core.hygiene.Judge;
import io.winnow.core.hygiene.Summary;
import io.winnow.core.review.Decision;
import io.winnow.core.row.Row;
import java.util.BitSet;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The most surprising rows of a run, with the judge that found them so: the cases that a reviewer would open first. */
final class MostSurprising {
    /** Least surprising first; of equals, the later row. */
    private static final Comparator<Case> ORDER = Comparator.comparingDouble(Case::bits)
            .thenComparing(Comparator.comparingInt(Case::index).reversed());

    private final int most;
    private final PriorityQueue<Case> cases = new PriorityQueue<>(ORDER);

    private record Case(int index, double bits, boolean anomalous, Row row, Judge judge) {}

    MostSurprising(int most) {
        this.most = most;
    }

    void consider(int index, double bits, boolean anomalous, Row row, Judge judge) {
        Case least = cases.peek();
        if (most == 0 || cases.size() == most && least != null && bits <= least.bits) {
            return;
        }
        cases.add(new Case(index, bits, anomalous, row, judge));
        if (cases.size() > most) {
            cases.remove();
        }
    }

    BitSet rows() {
        BitSet rows = new BitSet();
        cases.forEach(c -> rows.set(c.index));
        return rows;
    }

    int discarded() {
        return (int) cases.stream().filter(Case::anomalous).count();
    }

    /** All of them decided as the truth says; null where there are none. */
    @Nullable
    Summary decided() {
        Summary decided = null;
        for (Case c : cases) {
            decided = decided == null ? new Summary(c.judge.profile()) : decided;
            c.judge.teach(c.anomalous ? Decision.Action.DISCARD : Decision.Action.RELEASE, c.row, decided);
        }
        return decided;
    }
}
