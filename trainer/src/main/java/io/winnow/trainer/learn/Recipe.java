package io.winnow.trainer.learn;

import io.winnow.core.contract.Derive;
import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.archive.ModelSpec.Category;
import io.winnow.trainer.archive.ModelSpec.Column;
import io.winnow.trainer.archive.Scaling;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.Split;
import io.winnow.trainer.window.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is fixed before learning starts: what the model reads, and its standardizer. Made from rows that may be learned
 * from, never from the holdout.
 *
 * @param spec the model
 * @param scaling its standardizer
 */
public record Recipe(ModelSpec spec, Scaling scaling) {
    /** A category keeps this many values, the most frequent; the rest count as unknown. */
    private static final int MAX_VALUES = 255;
    /** More classes are no classification that this network is made for. */
    private static final int MAX_CLASSES = 256;

    /**
     * The recipe for this window.
     *
     * @throws LearningException if there is nothing to learn: one class, too many, or a constant target
     */
    public static Recipe of(Window window, History history, Split split, Hyperparameters hyper)
            throws LearningException {
        int[] seen = split.seen();
        boolean regression = window.columns().target().isRegression();
        List<Category> categories = new ArrayList<>();
        for (int c = 0; c < window.columns().categories().size(); c++) {
            int column = c;
            int[] ids = Arrays.stream(seen).map(r -> window.category(r, column)).toArray();
            categories.add(
                    new Category(window.columns().categories().get(c), frequent(ids, window.values(c), MAX_VALUES)));
        }
        List<String> classes = List.of();
        if (!regression) {
            int[] ids = Arrays.stream(seen).map(r -> (int) window.target(r)).toArray();
            classes = frequent(ids, window.classes(), MAX_CLASSES + 1).stream()
                    .sorted()
                    .toList();
            if (classes.size() < 2) {
                throw new LearningException("the target has only one class, so there is nothing to learn");
            }
            if (classes.size() > MAX_CLASSES) {
                throw new LearningException("the target has more than " + MAX_CLASSES + " classes");
            }
        }
        List<Column> columns = window.columns().numbers();
        Derive derive = window.contract().derive();
        ModelSpec spec =
                new ModelSpec(columns, categories, classes, derive.lags(), derive.means(), false, hyper.shape());
        return new Recipe(spec, scaling(window, history, seen, regression));
    }

    /** The same recipe, answering by change from the last known target. */
    public Recipe byChange(Window window, History history, int[] seen) {
        double[] changes = Arrays.stream(seen)
                .mapToDouble(r -> Math.abs(window.target(r) - history.lastTarget(window, r)))
                .filter(Double::isFinite)
                .toArray();
        Scaling s = scaling;
        return new Recipe(
                spec.withChange(true),
                new Scaling(s.means(), s.deviations(), s.center(), s.level(), positive(mean(changes), s.level())));
    }

    private static Scaling scaling(Window window, History history, int[] seen, boolean regression)
            throws LearningException {
        int[] plain = IntStream.range(0, window.columns().numbers().size())
                .filter(i -> !window.columns().numbers().get(i).time())
                .toArray();
        double[] means = new double[plain.length];
        double[] deviations = new double[plain.length];
        for (int i = 0; i < plain.length; i++) {
            int column = plain[i];
            double[] known = Arrays.stream(seen)
                    .mapToDouble(r -> window.number(r, column))
                    .filter(Double::isFinite)
                    .toArray();
            double mean = known.length == 0 ? 0 : mean(known);
            means[i] = mean;
            deviations[i] = positive(
                    Math.sqrt(mean(Arrays.stream(known)
                            .map(x -> (x - mean) * (x - mean))
                            .toArray())),
                    1);
        }
        if (!regression) {
            return new Scaling(means, deviations, 0, 1, 1);
        }
        double[] targets =
                Arrays.stream(seen).mapToDouble(window::target).sorted().toArray();
        double center = targets[targets.length / 2];
        double level =
                mean(Arrays.stream(targets).map(t -> Math.abs(t - center)).toArray());
        if (!(level > 0 && Double.isFinite(level) && Double.isFinite(1 / level))) {
            throw new LearningException("the target is constant, so there is nothing to learn");
        }
        return new Scaling(means, deviations, center, level, level);
    }

    /** Values by falling frequency, ties by value, so that the order of rows does not matter. */
    private static List<String> frequent(int[] ids, List<String> values, int most) {
        int[] counts = new int[values.size()];
        for (int id : ids) {
            if (id >= 0) {
                counts[id]++;
            }
        }
        return IntStream.range(0, counts.length)
                .filter(i -> counts[i] > 0)
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(i -> -counts[i]).thenComparing(values::get))
                .limit(most)
                .map(values::get)
                .toList();
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value / values.length;
        }
        return sum;
    }

    private static double positive(double scale, double otherwise) {
        return scale > 1e-12 && Double.isFinite(scale) ? scale : otherwise;
    }
}
