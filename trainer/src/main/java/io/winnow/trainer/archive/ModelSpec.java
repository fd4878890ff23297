package io.winnow.trainer.archive;

import java.util.List;

/**
 * What a model reads, how its network looks and what it answers. A pure description: weights and scaling come apart.
 *
 * <p>A model reads {@code numbers[B, H, F]} and {@code categories[B, H, C]}. The H rows are the key's last rows in order
 * of event time, the newest last; that last one is the row to answer for, and the H − 1 before it are its lags. Rows
 * that do not exist are NaN and −1 throughout. The F columns are {@link #columns} in order and then, last, the target's
 * history: the target as a number, or the position of its class in {@link #classes}; in the newest row that column is
 * never read. The C columns are {@link #categories} in order, each an id (a value's position) or −1 where missing or
 * unknown.
 *
 * @param columns the numeric columns, target history apart
 * @param categories the category columns
 * @param classes the classes in order of the answer; empty for regression
 * @param lags which previous rows are looked at, each at least 1, ascending
 * @param means over how many previous rows means are taken, each at least 2, ascending
 * @param change whether a regression answers the last known target plus a learned change
 * @param shape of the network
 */
public record ModelSpec(
        List<Column> columns,
        List<Category> categories,
        List<String> classes,
        List<Integer> lags,
        List<Integer> means,
        boolean change,
        Shape shape) {

    /** Sines and cosines that stand for one time column. */
    static final int TIME_PARTS = 8;

    public ModelSpec {
        columns = List.copyOf(columns);
        categories = List.copyOf(categories);
        classes = List.copyOf(classes);
        lags = List.copyOf(lags);
        means = List.copyOf(means);
        if (columns.isEmpty() && categories.isEmpty()) {
            throw new IllegalArgumentException("a model needs columns");
        }
        if (lags.isEmpty() || lags.get(0) < 1) {
            throw new IllegalArgumentException("a model needs lags of at least 1");
        }
        if (classes.size() == 1) {
            throw new IllegalArgumentException("one class is nothing to learn");
        }
    }

    /**
     * A numeric column.
     *
     * @param name the field's name
     * @param time whether it holds epoch milliseconds, read as time of day and of week only
     */
    public record Column(String name, boolean time) {}

    /**
     * A category column.
     *
     * @param name the field's name
     * @param values known values; a value's id is its position
     */
    public record Category(String name, List<String> values) {
        public Category {
            values = List.copyOf(values);
        }

        /** Width of its embedding: the usual rule of thumb, 1.6 times the 0.56th power of its size, at most 16. */
        int width() {
            return (int) Math.min(16, Math.ceil(1.6 * Math.pow(values.size() + 1.0, 0.56)));
        }
    }

    /**
     * How large the network is.
     *
     * @param hidden width
     * @param blocks residual blocks; 0 for a linear model
     * @param dropout share of activations left out while training
     * @param activation between its layers; RELU where a manifest does not say
     */
    public record Shape(int hidden, int blocks, double dropout, Activation activation) {
        /** A linear model over the same inputs. */
        public static final Shape LINEAR = new Shape(0, 0, 0);

        public Shape {
            // Manifests from before there was a choice do not have it.
            activation = activation == null ? Activation.RELU : activation;
            if (hidden < 0 || blocks < 0 || (blocks > 0) != (hidden > 0) || !(dropout >= 0 && dropout < 1)) {
                throw new IllegalArgumentException("not a network: " + hidden + ", " + blocks + ", " + dropout);
            }
        }

        /** With ReLU. */
        public Shape(int hidden, int blocks, double dropout) {
            this(hidden, blocks, dropout, Activation.RELU);
        }

        /** The same with another activation. */
        public Shape with(Activation other) {
            return new Shape(hidden, blocks, dropout, other);
        }
    }

    /** The same model with another network. */
    public ModelSpec with(Shape other) {
        return new ModelSpec(columns, categories, classes, lags, means, change, other);
    }

    /** The same model, answering by change or not. */
    public ModelSpec withChange(boolean other) {
        return new ModelSpec(columns, categories, classes, lags, means, other, shape);
    }

    /** Whether the answer is a number. */
    public boolean isRegression() {
        return classes.isEmpty();
    }

    /** H: rows of history, the row to answer for included. */
    public int history() {
        int lag = lags.get(lags.size() - 1);
        return 1 + (means.isEmpty() ? lag : Math.max(lag, means.get(means.size() - 1)));
    }

    /** F: numeric columns, the target's history included. */
    public int width() {
        return columns.size() + 1;
    }

    /** K: numbers in an answer, 1 for regression, else one share for each class. */
    public int outputs() {
        return isRegression() ? 1 : classes.size();
    }

    /** Columns that are numbers, not times. */
    public int plainColumns() {
        return (int) columns.stream().filter(c -> !c.time()).count();
    }

    /**
     * Whether a model of this specification may go on learning where one of the other is wanted: it reads the same fields and
     * answers the same question, though it may not know the newest values of a category, or answer by change.
     */
    public boolean mayGoOnAs(ModelSpec other) {
        return columns.equals(other.columns)
                && names(categories).equals(names(other.categories))
                && classes.equals(other.classes)
                && lags.equals(other.lags)
                && means.equals(other.means)
                && shape.equals(other.shape);
    }

    private static List<String> names(List<Category> categories) {
        return categories.stream().map(Category::name).toList();
    }

    /** Columns that earlier rows are looked at by: the plain ones, then the target, or one for each class. */
    public int pastWidth() {
        return plainColumns() + (isRegression() ? 1 : classes.size());
    }

    /** D: numbers that {@code prepare} makes of one row and its history. */
    public int inputs() {
        int plain = plainColumns();
        int back = lags.size() + means.size();
        int target = isRegression() ? 1 + 2 * lags.size() + means.size() : back * classes.size();
        return plain * (2 + back) + (columns.size() - plain) * TIME_PARTS + target;
    }
}
