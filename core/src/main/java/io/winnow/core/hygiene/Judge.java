package io.winnow.core.hygiene;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Defect;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Judges records under one profile. Holds buffers; not thread-safe: one for each thread. */
public final class Judge {
    private final Contract contract;
    private final Profile profile;
    private final RowDecoder decoder;
    private final Row row;

    public Judge(Contract contract, Profile profile) {
        this.contract = contract;
        this.profile = profile;
        this.decoder = new RowDecoder(contract);
        this.row = new Row(contract);
    }

    /** The profile in force. */
    public Profile profile() {
        return profile;
    }

    /**
     * The whole hygiene of one record: decode, check, standardize, score, gate.
     *
     * @param value the record's bytes; null for a tombstone
     * @param accepted gathers the row if it is accepted
     */
    public Verdict judge(byte @Nullable [] value, Summary accepted) {
        double threshold = contract.hygiene().quarantineBits();
        Defect defect = decoder.decode(value, row);
        if (defect != null) {
            return new Verdict(defect.reason(), defect.detail(), Double.NaN, threshold, List.of(), null);
        }
        accepted.learn();
        return new Verdict(null, "", 0, threshold, List.of(), new float[row.numbers.length]);
    }

    /** Learns a row that an operator released; passed over if it does not decode. */
    public void learnReleased(byte[] value, Summary accepted) {
        if (decoder.decode(value, row) == null) {
            accepted.learn();
        }
    }
}
