package io.winnow.monitoring.topology;

import io.winnow.core.contract.Contract;
import io.winnow.core.hygiene.Judge;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import io.winnow.monitoring.cases.Again;
import org.jspecify.annotations.Nullable;

/** Judges records again under the profile that a change of regime ended with. Not thread-safe. */
final class SecondJudge {
    private final Change change;
    private final Judge judge;
    private final RowDecoder decoder;
    private final Row row;
    private final double threshold;

    /**
     * @throws IllegalArgumentException if the change brought no profile of this contract
     */
    SecondJudge(Contract contract, Change ended) {
        change = ended;
        judge = new Judge(contract, Profile.decode(ended.profile()));
        decoder = new RowDecoder(contract);
        row = new Row(contract);
        threshold = contract.hygiene().quarantineBits();
    }

    Change change() {
        return change;
    }

    /** The verdict now; null where the value cannot be scored. */
    @Nullable
    Again judge(byte @Nullable [] value, long now) {
        return decoder.decode(value, row) != null
                ? null
                : new Again(judge.bits(row), threshold, judge.profile().hash(), now);
    }
}
