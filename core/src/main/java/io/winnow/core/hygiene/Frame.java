package io.winnow.core.hygiene;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.FeatureType;
import io.winnow.core.row.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The fixed coordinates that everything is counted in: center and scale of each field, the sparse random projections, the
 * context columns. A frame outlives many profiles, so that their counts add up; {@link ProfileMaker} replaces it when a
 * field has drifted out of it.
 *
 * <p>Columns: the numeric features (numbers, booleans, times) in contract order. Context, which the Gaussian conditions on
 * but never scores: hour of the day and weekend from the event time where the contract names one, and an indicator for
 * each frequent value of each category.
 */
final class Frame {
    /** Projections of the LODA view (Pevný 2016 uses about a hundred; more than this many found nothing more). */
    static final int PROJECTIONS = 64;
    /** Buckets that a category's values are hashed into: bounded whatever arrives; fewer in a wide table. */
    private static final int BUCKETS = 1_024;

    private static final int WIDE_BUCKETS = 256;
    /** More cells than this, with {@link #BUCKETS} for each category, make a table wide. */
    private static final int WIDE_CELLS = 80_000;
    /** A wide table's profile leaves out so many low bits of its counts. */
    private static final int WIDE_GRAIN = 5;
    /** Views: per-field density, projections, Gaussian. */
    static final int VIEWS = 3;
    /** Harmonics of the day (four columns) and the weekend. */
    private static final int TIME_CONTEXT = 5;
    /** Values of a category that get an indicator column. */
    private static final int MAX_INDICATORS = 24;
    /** Longer values get none: a profile has to hold them. */
    private static final int MAX_INDICATOR_CHARS = 64;
    /** Standardized values are clipped to ± this: finite as a float, and their sums as well. */
    private static final double MAX_Z = 1e30;
    /** A wider table has no Gaussian view: its matrix would outgrow the profile and the row's time. */
    static final int MAX_GAUSSIAN = 160;

    private static final double DAY_MILLIS = 86_400_000.0;

    /** What an encoded frame says of its layout, added up. */
    private static final int TIMED = 1;

    private static final int CONTEXTUAL = 2;

    /** Which columns there are. */
    final Layout layout;
    /** How many frames this lineage had before. */
    final int generation;
    /** Contract index of each numeric column. */
    final int[] numeric;
    /** Contract index of each category. */
    final int[] category;
    /** Frequent values of each category, sorted: one indicator column each. */
    final List<List<String>> indicators;

    final double[] center;
    final double[] scale;
    /** Center and scale of the raw score of each view, and of their combination (last). */
    final double[] viewCenter;

    final double[] viewScale;

    /** Buckets of each category, missing values apart. */
    final int buckets;
    /** Low bits that a profile's counts leave out. */
    final int grain;
    /** Fields in each projection. */
    final int sparsity;
    /** Column of each projection's entries, {@code [sparsity][PROJECTIONS]}. */
    final int[][] projectionColumns;
    /** Weight of each projection's entries. */
    final float[][] projectionWeights;

    /**
     * What a frame takes from the contract.
     *
     * @param contractHash of the contract
     * @param categorical for each feature, whether it is a category
     * @param timed whether the contract names an event time
     * @param contextual whether rows are compared with their key's last ones
     */
    record Layout(String contractHash, List<Boolean> categorical, boolean timed, boolean contextual) {
        Layout {
            if (!contractHash.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("not a contract's hash");
            }
            categorical = List.copyOf(categorical);
        }

        static Layout of(Contract contract) {
            return new Layout(
                    contract.hash(),
                    contract.features().stream()
                            .map(f -> f.type() == FeatureType.CATEGORY)
                            .toList(),
                    contract.time().isPresent(),
                    contract.contextPerKey());
        }

        int features() {
            return categorical.size();
        }

        int[] columns(boolean categories) {
            return IntStream.range(0, categorical.size())
                    .filter(i -> categorical.get(i) == categories)
                    .toArray();
        }

        private boolean isWide() {
            return columns(false).length * Grid.CELLS + columns(true).length * (BUCKETS + 1) > WIDE_CELLS;
        }

        /** Buckets of each category. */
        int buckets() {
            return isWide() ? WIDE_BUCKETS : BUCKETS;
        }

        /** Indicators of each category, at most: with more, there would be no Gaussian view. */
        int maxIndicators() {
            int categories = columns(true).length;
            int room = MAX_GAUSSIAN - columns(false).length - (timed ? TIME_CONTEXT : 0);
            return categories == 0 ? 0 : Math.max(0, Math.min(MAX_INDICATORS, room / categories));
        }
    }

    Frame(
            Layout layout,
            int generation,
            List<List<String>> indicators,
            double[] center,
            double[] scale,
            double[] viewCenter,
            double[] viewScale) {
        this.layout = layout;
        this.generation = generation;
        this.numeric = layout.columns(false);
        this.category = layout.columns(true);
        this.indicators = indicators.stream().map(List::copyOf).toList();
        this.center = center;
        this.scale = scale;
        this.viewCenter = viewCenter;
        this.viewScale = viewScale;
        int d = numeric.length;
        if (center.length != d
                || scale.length != d
                || this.indicators.size() != category.length
                || viewCenter.length != VIEWS + 1
                || viewScale.length != VIEWS + 1) {
            throw new IllegalArgumentException("the frame does not fit its layout");
        }
        require(center, scale);
        require(viewCenter, viewScale);
        this.buckets = layout.buckets();
        this.grain = layout.isWide() ? WIDE_GRAIN : 0;
        this.sparsity = d < 3 ? d : Math.max(3, (int) Math.round(Math.sqrt(d)));
        this.projectionColumns = new int[sparsity][PROJECTIONS];
        this.projectionWeights = new float[sparsity][PROJECTIONS];
        project(layout.contractHash());
    }

    private static void require(double[] centers, double[] scales) {
        for (int i = 0; i < centers.length; i++) {
            if (!Double.isFinite(centers[i]) || !(scales[i] > 0) || !Double.isFinite(scales[i])) {
                throw new IllegalArgumentException("a center must be finite and a scale above 0");
            }
        }
    }

    /** The same frame with other centers and scales. */
    Frame moved(double[] newCenter, double[] newScale) {
        return new Frame(layout, generation + 1, indicators, newCenter, newScale, viewCenter, viewScale);
    }

    /** The same frame with the views' scores centered. */
    Frame withViews(double[] centers, double[] scales) {
        return new Frame(layout, generation, indicators, center, scale, centers, scales);
    }

    /** The directions depend on the contract alone: every profile of a lineage projects alike. */
    private void project(String contractHash) {
        SplittableRandom random = new SplittableRandom(Long.parseUnsignedLong(contractHash.substring(0, 16), 16));
        int d = numeric.length;
        int[] order = new int[d];
        for (int p = 0; p < projections(); p++) {
            Arrays.setAll(order, i -> i);
            double norm = 0;
            double[] w = new double[sparsity];
            for (int i = 0; i < sparsity; i++) {
                int pick = i + random.nextInt(d - i);
                int swap = order[i];
                order[i] = order[pick];
                order[pick] = swap;
                w[i] = gaussian(random);
                norm += w[i] * w[i];
            }
            for (int i = 0; i < sparsity; i++) {
                projectionColumns[i][p] = order[i];
                projectionWeights[i][p] = (float) (w[i] / Math.sqrt(norm));
            }
        }
    }

    /** Box–Muller over {@link StrictMath}: the same on every platform. */
    private static double gaussian(SplittableRandom random) {
        double u = 1 - random.nextDouble();
        return StrictMath.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(2 * Math.PI * random.nextDouble());
    }

    int columns() {
        return numeric.length;
    }

    int projections() {
        return numeric.length == 0 ? 0 : PROJECTIONS;
    }

    /** Whether the Gaussian view exists. */
    boolean hasGaussian() {
        return numeric.length > 0 && contextColumns() + numeric.length <= MAX_GAUSSIAN;
    }

    int contextColumns() {
        int n = layout.timed() ? TIME_CONTEXT : 0;
        for (List<String> values : indicators) {
            n += values.size();
        }
        return n;
    }

    /** Context and numeric columns together, or 0 without a Gaussian view. */
    int gaussianColumns() {
        return hasGaussian() ? contextColumns() + numeric.length : 0;
    }

    /** Standardizes a row's numeric columns; NaN where missing. */
    void standardize(Row row, double[] z) {
        for (int j = 0; j < numeric.length; j++) {
            z[j] = row.numbers[numeric[j]];
        }
        for (int j = 0; j < z.length; j++) {
            z[j] = Math.max(-MAX_Z, Math.min(MAX_Z, (z[j] - center[j]) / scale[j]));
        }
    }

    /** Fills the context columns. */
    void context(Row row, double[] x) {
        int at = 0;
        if (layout.timed()) {
            double t = row.eventTime / DAY_MILLIS;
            double angle = 2 * Math.PI * (t - StrictMath.floor(t));
            x[at++] = StrictMath.sin(angle);
            x[at++] = StrictMath.cos(angle);
            x[at++] = StrictMath.sin(2 * angle);
            x[at++] = StrictMath.cos(2 * angle);
            // 1970-01-01 was a Thursday: Saturday and Sunday are days 2 and 3 of that count.
            long day = Math.floorMod((long) StrictMath.floor(t), 7L);
            x[at++] = day == 2 || day == 3 ? 1 : 0;
        }
        for (int c = 0; c < category.length; c++) {
            String value = row.categories[category[c]];
            for (String frequent : indicators.get(c)) {
                x[at++] = frequent.equals(value) ? 1 : 0;
            }
        }
    }

    /** The bucket of a category value; the last one is for missing values. */
    int bucket(@Nullable String value) {
        return value == null ? buckets : (mix(value.hashCode()) & (buckets - 1));
    }

    private static int mix(int h) {
        int x = h * 0x9E3779B9;
        return (x ^ (x >>> 15)) * 0x85EBCA6B >>> 7;
    }

    /** The frequent values of each category among these rows, sorted. */
    static List<List<String>> frequentValues(Layout layout, List<Row> rows) {
        List<List<String>> all = new ArrayList<>();
        for (int i : layout.columns(true)) {
            TreeMap<String, Integer> counts = new TreeMap<>();
            for (Row row : rows) {
                String value = row.categories[i];
                if (value != null && value.length() <= MAX_INDICATOR_CHARS) {
                    counts.merge(value, 1, Integer::sum);
                }
            }
            all.add(counts.entrySet().stream()
                    .filter(e -> e.getValue() >= 3)
                    .sorted((a, b) -> b.getValue() - a.getValue())
                    .limit(layout.maxIndicators())
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList());
        }
        return all;
    }

    void write(Wire.Out out) {
        out.text(layout.contractHash())
                .integer((layout.timed() ? TIMED : 0) + (layout.contextual() ? CONTEXTUAL : 0))
                .integer(layout.features());
        layout.categorical().forEach(c -> out.integer(c ? 1 : 0));
        out.integer(generation);
        for (List<String> values : indicators) {
            out.integer(values.size());
            values.forEach(out::text);
        }
        out.reals(center).reals(scale).reals(viewCenter).reals(viewScale);
    }

    static Frame read(Wire.In in) {
        String contractHash = in.text(64);
        int flags = in.count(TIMED + CONTEXTUAL);
        int features = in.count(Contract.MAX_FEATURES);
        List<Boolean> categorical = new ArrayList<>();
        for (int i = 0; i < features; i++) {
            categorical.add(in.integer() == 1);
        }
        Layout layout = new Layout(contractHash, categorical, (flags & TIMED) != 0, (flags & CONTEXTUAL) != 0);
        int generation = in.count(Integer.MAX_VALUE);
        List<List<String>> indicators = new ArrayList<>();
        for (int c = 0; c < layout.columns(true).length; c++) {
            List<String> values = new ArrayList<>();
            int n = in.count(layout.maxIndicators());
            for (int i = 0; i < n; i++) {
                values.add(in.text(MAX_INDICATOR_CHARS));
            }
            indicators.add(values);
        }
        return new Frame(layout, generation, indicators, in.reals(), in.reals(), in.reals(), in.reals());
    }
}
