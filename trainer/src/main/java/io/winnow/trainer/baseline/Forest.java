package io.winnow.trainer.baseline;

import io.winnow.trainer.baseline.Refitted.Example;
import io.winnow.trainer.baseline.Refitted.Fitted;
import java.util.List;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.Output;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.dtree.CARTClassificationTrainer;
import org.tribuo.classification.ensemble.VotingCombiner;
import org.tribuo.common.tree.ExtraTreesTrainer;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.ensemble.AveragingCombiner;
import org.tribuo.regression.rtree.CARTRegressionTrainer;
import org.tribuo.regression.rtree.impurity.MeanSquaredError;

/**
 * A random forest (Breiman 2001) whose trees draw their thresholds, as extremely randomized trees do (Geurts, Ernst and
 * Wehenkel 2006): about as good, and a fraction of the cost.
 *
 * @param seed of its draws
 */
public record Forest(long seed) implements Refitted.Learner {
    /** It says a line for each tree. Held, or its level would be forgotten. */
    private static final Logger TRIBUO = Logger.getLogger("org.tribuo");

    static {
        TRIBUO.setLevel(Level.WARNING);
    }

    private static final int TREES = 20;
    private static final int DEPTH = 12;
    private static final int LEAF = 3;

    @Override
    public Fitted fit(List<Example> rows, boolean regression) {
        return regression ? numbers(rows) : classes(rows);
    }

    private Fitted numbers(List<Example> rows) {
        RegressionFactory factory = new RegressionFactory();
        MutableDataset<Regressor> data =
                new MutableDataset<>(new SimpleDataSourceProvenance("window", factory), factory);
        add(data, rows, e -> new Regressor("y", e.target()));
        // A third of the columns at each split: the usual share for numbers; the root of their number for classes.
        CARTRegressionTrainer tree =
                new CARTRegressionTrainer(DEPTH, LEAF, 0, 1 / 3f, true, new MeanSquaredError(), seed);
        Model<Regressor> model = new ExtraTreesTrainer<>(tree, new AveragingCombiner(), TREES, seed).train(data);
        return vector -> model.predict(example(new Regressor("y", 0), vector))
                .getOutput()
                .getValues()[0];
    }

    private Fitted classes(List<Example> rows) {
        LabelFactory factory = new LabelFactory();
        MutableDataset<Label> data = new MutableDataset<>(new SimpleDataSourceProvenance("window", factory), factory);
        add(data, rows, e -> new Label(e.label()));
        float share = (float) (1 / Math.sqrt(rows.get(0).vector().length));
        CARTClassificationTrainer tree = new CARTClassificationTrainer(
                DEPTH, LEAF, 0, share, true, new org.tribuo.classification.dtree.impurity.GiniIndex(), seed);
        Model<Label> model = new ExtraTreesTrainer<>(tree, new VotingCombiner(), TREES, seed).train(data);
        return vector ->
                model.predict(example(new Label(""), vector)).getOutput().getLabel();
    }

    static <T extends Output<T>> void add(MutableDataset<T> data, List<Example> rows, Function<Example, T> output) {
        rows.forEach(row -> data.add(example(output.apply(row), row.vector())));
    }

    static <T extends Output<T>> ArrayExample<T> example(T output, double[] vector) {
        return new ArrayExample<>(output, Names.of(vector.length), vector);
    }

    /** The columns' names, in an order that stays when they are sorted. */
    private static final class Names {
        private static volatile String[] names = {};

        static String[] of(int count) {
            String[] known = names;
            if (known.length < count) {
                known = IntStream.range(0, count)
                        .mapToObj(i -> String.format("x%05d", i))
                        .toArray(String[]::new);
                names = known;
            }
            return known.length == count ? known : java.util.Arrays.copyOf(known, count);
        }
    }
}
