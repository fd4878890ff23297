package io.winnow.trainer.evaluation;

import io.winnow.trainer.evaluation.Losses.Rival;
import java.util.List;
import java.util.Locale;

/** Lets a model pass that is better than every rival by more than noise. */
public final class Gate {
    private Gate() {}

    /**
     * The gate's word.
     *
     * @param passed whether to publish
     * @param rival the first rival that was not beaten; empty where all were
     * @param sentence why, for a person
     */
    public record Verdict(boolean passed, String rival, String sentence) {}

    /**
     * Judges.
     *
     * @param challenger its losses on the holdout
     * @param rivals theirs on the same rows
     * @param metric that the sentence speaks in
     * @param seed of the resampling
     */
    public static Verdict judge(Losses challenger, List<Rival> rivals, String metric, long seed) {
        String own = number(challenger.in(metric));
        for (Rival rival : rivals) {
            double bound = Bootstrap.lowerBound(rival.losses().gainOf(challenger), seed);
            // Written so that a bound that is no number does not pass.
            if (!(bound > 0)) {
                String theirs = number(rival.losses().in(metric));
                boolean better = challenger.mean() < rival.losses().mean();
                return new Verdict(
                        false,
                        rival.name(),
                        metric + " " + own + " is " + (better ? "better" : "not better") + " than " + rival.name()
                                + "'s " + theirs + (better ? ", but not by more than noise" : ""));
            }
        }
        StringBuilder sentence = new StringBuilder(metric + " " + own + " beats");
        rivals.forEach(r -> sentence.append(' ')
                .append(r.name())
                .append(' ')
                .append(number(r.losses().in(metric)))
                .append(','));
        sentence.setLength(sentence.length() - (rivals.isEmpty() ? 0 : 1));
        return new Verdict(true, "", sentence.append(" by more than noise").toString());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.5g", value);
    }
}
