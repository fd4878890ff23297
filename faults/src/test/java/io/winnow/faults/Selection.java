package io.winnow.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Which runs are asked for.
 *
 * @param kind what is done
 * @param seed everything random is drawn from it
 */
record Selection(FaultKind kind, long seed) {
    String id() {
        return kind.id() + "-" + seed;
    }

    /**
     * The runs that are asked for.
     *
     * @param fault a kind, or a kind and a seed as in {@code KIND-SEED}, several with commas; null for all
     * @param seed of the first run; null for 1
     * @param repeats how many runs of each kind, with the seeds that follow; null for the kind's own number, or 1 where a
     *     seed is given
     * @throws IllegalArgumentException if there is no such kind; the line names those that there are
     */
    static List<Selection> of(
            List<FaultKind> kinds, @Nullable String fault, @Nullable Long seed, @Nullable Integer repeats) {
        List<Selection> all = new ArrayList<>();
        if (fault == null || fault.isBlank()) {
            kinds.forEach(kind -> all.addAll(runs(kind, seed, repeats)));
            return all;
        }
        for (String name : fault.split(",")) {
            all.addAll(named(kinds, name.trim(), seed, repeats));
        }
        return all;
    }

    private static List<Selection> named(
            List<FaultKind> kinds, String name, @Nullable Long seed, @Nullable Integer repeats) {
        for (FaultKind kind : kinds) {
            if (kind.id().equals(name)) {
                return runs(kind, seed, repeats);
            }
            if (name.matches(kind.id() + "-\\d{1,9}")) {
                return runs(kind, Long.parseLong(name.substring(kind.id().length() + 1)), repeats);
            }
        }
        throw new IllegalArgumentException("there is no fault '" + name + "'; give one of "
                + kinds.stream().map(FaultKind::id).sorted().collect(Collectors.joining(", "))
                + ", or one of them with a seed, as in " + kinds.get(0).id() + "-1");
    }

    private static List<Selection> runs(FaultKind kind, @Nullable Long seed, @Nullable Integer repeats) {
        long first = seed == null ? 1 : seed;
        int count = repeats != null ? repeats : seed != null ? 1 : kind.runs();
        return LongStream.range(first, first + count)
                .mapToObj(s -> new Selection(kind, s))
                .toList();
    }
}
