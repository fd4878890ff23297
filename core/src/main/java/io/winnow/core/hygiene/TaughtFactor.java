package io.winnow.core.hygiene;

import io.winnow.core.contract.Contract;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What operators' decisions made of one row's surprise.
 *
 * @param discarded discarded records that the profile remembers
 * @param released released records that it remembers
 * @param strength how much of what they taught is in force yet, in 0–1
 * @param factor what the row's surprise was multiplied by before it was calibrated, 1/4 to 4
 * @param parts every part that weighs something, the one that moved this row most first
 */
public record TaughtFactor(int discarded, int released, double strength, double factor, List<Part> parts) {
    private static final List<String> SIDES = List.of("low", "high", "missing");

    public TaughtFactor {
        parts = List.copyOf(parts);
    }

    /**
     * One view, one side of a number, or one category.
     *
     * @param name for a person to read, as in {@code gaussian view}, {@code load high}, {@code load missing}, {@code site}
     * @param weight bits gained for each bit that it sees; negative where it was surprised by what was released
     * @param bits that it sees in this row, at most 16
     */
    public record Part(String name, double weight, double bits) {
        /** Bits that it adds to the row. */
        public double gain() {
            return weight * bits;
        }
    }

    /** Of the row last scored; null where the profile was taught nothing. */
    static @Nullable TaughtFactor of(Contract contract, Profile profile, Scorer scorer) {
        double[] weights = scorer.taughtWeights();
        double[] bits = scorer.partBits();
        List<String> names = names(contract, profile.frame);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] != 0) {
                parts.add(new Part(names.get(i), weights[i], Math.min(Lessons.MAX_BITS, bits[i])));
            }
        }
        if (parts.isEmpty()) {
            return null;
        }
        parts.sort(Comparator.comparingDouble((Part p) -> Math.abs(p.gain())).reversed());
        Lessons lessons = profile.lessons;
        return new TaughtFactor(
                lessons.discarded.rows(),
                lessons.released.rows(),
                lessons.strength / (double) Lessons.FULL,
                scorer.taughtFactor(),
                parts);
    }

    /** In the order of {@link Parts}. */
    private static List<String> names(Contract contract, Frame frame) {
        List<String> names = new ArrayList<>();
        Explanation.VIEWS.subList(0, Frame.VIEWS).forEach(v -> names.add(v + " view"));
        for (int i : frame.numeric) {
            SIDES.forEach(side -> names.add(contract.features().get(i).name() + " " + side));
        }
        for (int i : frame.category) {
            names.add(contract.features().get(i).name());
        }
        return names;
    }
}
