package io.winnow.trainer.baseline;

import io.winnow.trainer.baseline.Refitted.Example;
import io.winnow.trainer.baseline.Refitted.Fitted;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.linear.LogisticRegressionTrainer;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/** Ridge regression in closed form (Hoerl and Kennard 1970), or logistic regression by AdaGrad. */
public final class Linear implements Refitted.Learner {
    /** Tribuo tells of each pass. Held, or its level would be forgotten. */
    private static final Logger TRIBUO = Logger.getLogger("org.tribuo");

    static {
        TRIBUO.setLevel(Level.WARNING);
    }

    private static final Label UNKNOWN = new Label("");

    /** The penalty, in rows. */
    private static final double RIDGE = 1;

    @Override
    public Fitted fit(List<Example> rows, boolean regression) {
        return regression ? ridge(rows) : logistic(rows);
    }

    private static Fitted ridge(List<Example> rows) {
        int d = rows.get(0).vector().length;
        double center = rows.stream().mapToDouble(Example::target).average().orElse(0);
        // The last place is the constant's.
        double[][] products = new double[d + 1][d + 1];
        double[] moments = new double[d + 1];
        double[] x = new double[d + 1];
        x[d] = 1;
        for (Example row : rows) {
            System.arraycopy(row.vector(), 0, x, 0, d);
            double y = row.target() - center;
            for (int i = 0; i <= d; i++) {
                if (x[i] != 0) {
                    moments[i] += x[i] * y;
                    for (int j = 0; j <= i; j++) {
                        products[i][j] += x[i] * x[j];
                    }
                }
            }
        }
        for (int i = 0; i <= d; i++) {
            for (int j = 0; j < i; j++) {
                products[j][i] = products[i][j];
            }
            products[i][i] += RIDGE;
        }
        RealMatrix matrix = new Array2DRowRealMatrix(products, false);
        double[] weights = new CholeskyDecomposition(matrix, 1e-9, 1e-12)
                .getSolver()
                .solve(new ArrayRealVector(moments, false))
                .toArray();
        return vector -> {
            double answer = center + weights[d];
            for (int i = 0; i < d; i++) {
                answer += weights[i] * vector[i];
            }
            return answer;
        };
    }

    /** The columns' names, in an order that stays when they are sorted. */
    private static String[] names(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> String.format(Locale.ROOT, "x%05d", i))
                .toArray(String[]::new);
    }

    private static Fitted logistic(List<Example> rows) {
        LabelFactory factory = new LabelFactory();
        MutableDataset<Label> data = new MutableDataset<>(new SimpleDataSourceProvenance("window", factory), factory);
        String[] names = names(rows.get(0).vector().length);
        rows.forEach(row -> data.add(new ArrayExample<>(new Label(row.label()), names, row.vector())));
        var model = new LogisticRegressionTrainer().train(data);
        return vector -> model.predict(new ArrayExample<>(UNKNOWN, names, vector))
                .getOutput()
                .getLabel();
    }
}
