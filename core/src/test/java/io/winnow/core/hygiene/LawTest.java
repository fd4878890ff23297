package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every view, their combination, and the detector as a whole keep to on every kind of data. Laws about many refits
 * ({@link CensoringTest}), hostile bytes ({@link CodecTest}), sizes ({@link SizeTest}) and the merger ({@link MergeTest})
 * have tests of their own.
 */
@ParameterizedClass(name = "{0} on {1}")
@MethodSource("subjects")
class LawTest {
    private static final int ROWS = 856;
    private static final List<Integer> IN_ORDER = List.of(0, 1, 2, 3, 4, 5, 6);
    private static final List<Integer> REORDERED = List.of(5, 3, 1, 6, 4, 0, 2);

    /** Every view of a kind is in the same course: each is run once. */
    private static final Map<String, Course> COURSES = new ConcurrentHashMap<>();

    private final View view;
    private final Kind kind;
    private final Contract contract;

    LawTest(View view, Kind kind) {
        this.view = view;
        this.kind = kind;
        contract = Kind.contract("law", view.contextual, IN_ORDER);
    }

    static Stream<Arguments> subjects() {
        return Stream.of(View.values()).flatMap(view -> Stream.of(Kind.values()).map(kind -> Arguments.of(view, kind)));
    }

    private Course course(String name, List<Integer> order, UnaryOperator<Row> change, Course.Way way) {
        return COURSES.computeIfAbsent(
                name + " " + kind + " " + view.contextual,
                none -> Course.of(
                        Kind.contract("law", view.contextual, order),
                        kind.rows(ROWS, 72).stream().map(change).toList(),
                        way));
    }

    private Course course() {
        return course("plain", IN_ORDER, row -> row, Course.Way.ALONE);
    }

    private void assertSame(Course other) {
        assertThat(other.bits().get(view)).isEqualTo(course().bits().get(view));
        assertThat(other.last().hash()).isEqualTo(course().last().hash());
    }

    /** Nothing is drawn but the directions of the projections, and these from the contract. */
    @Test
    void seeding() {
        assertSame(course("again", IN_ORDER, row -> row, Course.Way.ALONE));
    }

    @Test
    void restoreEqualsContinue() {
        assertSame(course("restored", IN_ORDER, row -> row, Course.Way.RESTORED));
    }

    @Test
    void whoJudgedWhichRowsLeavesNoTrace() {
        assertSame(course("shared", IN_ORDER, row -> row, Course.Way.SHARED));
    }

    /**
     * Another order of the contract's fields draws other directions, and so another edge of what is learned: ranks stay.
     * Where most directions miss a field, those that do not are few, and luck is larger; and nearly all rows lie within
     * their ranges, so that ranks are of a few.
     */
    @Test
    void fieldOrderHardlyMatters() {
        Course other = course("order", REORDERED, LawTest::reorder, Course.Way.ALONE);
        assertThat(rankCorrelation(course().raw().get(view), other.raw().get(view)))
                .isGreaterThan(kind == Kind.EXTREMES || kind == Kind.MISSING ? 0.3 : view == View.RANGES ? 0.75 : 0.95);
    }

    /**
     * A field in other units, by a power of two so that nothing is rounded: the same bits to the last one. But for fields
     * that never varied, whose scale is a guess, and for those whose spread is too large or too small to be squared.
     */
    @Test
    void unitsDoNotMatter() {
        assumeThat(kind).as("has scales").isNotIn(Kind.CONSTANTS, Kind.EXTREMES);
        Course other = course("units", IN_ORDER, LawTest::inOtherUnits, Course.Way.ALONE);
        assertThat(other.bits().get(view)).isEqualTo(course().bits().get(view));
    }

    /** Nor where a field's zero is; of values that a shift does not round. The scales are sums, and round. */
    @Test
    void zeroDoesNotMatter() {
        assumeThat(kind).as("is not rounded").isIn(Kind.GAUSSIAN, Kind.INTEGERS, Kind.CATEGORIES);
        Course other = course("zero", IN_ORDER, LawTest::shifted, Course.Way.ALONE);
        double[] bits = course().bits().get(view);
        double[] shifted = other.bits().get(view);
        long near = IntStream.range(0, bits.length)
                .filter(i -> Double.compare(bits[i], shifted[i]) == 0 || Math.abs(bits[i] - shifted[i]) < 0.01)
                .count();
        assertThat(near).as("of %d", bits.length).isGreaterThan(bits.length * 98L / 100);
    }

    /** Also for rows of all other kinds, which this profile has never seen the like of. */
    @Test
    void bitsAreFiniteAndRiseWithTheRawScore() {
        Course probe = Course.under(course().last(), contract, aliens());
        double[] raw = probe.raw().get(view);
        double[] bits = probe.bits().get(view);
        Integer[] order = IntStream.range(0, raw.length)
                .filter(i -> !Double.isNaN(raw[i]))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> raw[i]))
                .toArray(Integer[]::new);
        assertThat(order.length).as("rows that it looks at").isGreaterThan(raw.length * 9 / 10);
        for (int i = 0; i < order.length; i++) {
            double b = bits[order[i]];
            assertThat(b).isFinite().isNotNegative();
            if (i > 0) {
                double gap = raw[order[i]] - raw[order[i - 1]];
                double before = bits[order[i - 1]];
                assertThat(b).isGreaterThanOrEqualTo(before);
                assertThat(b > before || b == 0 || gap <= 1e-9 * Math.abs(raw[order[i]]))
                        .as("%s bits at both %s and %s", b, raw[order[i - 1]], raw[order[i]])
                        .isTrue();
            }
        }
    }

    /** Beyond all that was seen, farther is never less surprising. */
    @Test
    void tailsAreMonotone() {
        assumeThat(kind).as("rows lie at the end of the grid").isNotEqualTo(Kind.EXTREMES);
        Frame frame = course().last().frame;
        for (int field = 0; field < Kind.NUMBERS; field++) {
            for (int side = -1; side <= 1; side += 2) {
                List<Row> rows = new ArrayList<>();
                for (int log = 10; log < 60; log++) {
                    Row row = kind.rows(1, 73).get(0);
                    System.arraycopy(frame.center, 0, row.numbers, 0, frame.center.length);
                    row.numbers[field] += side * Math.scalb(frame.scale[field], log);
                    row.key = "new-" + log;
                    if (Double.isFinite(row.numbers[field])) {
                        rows.add(row);
                    }
                }
                double[] bits =
                        Course.under(course().last(), contract, rows).bits().get(view);
                for (int i = 1; i < bits.length; i++) {
                    assertThat(bits[i] < bits[i - 1])
                            .as("field %d, side %d: %s after %s", field, side, bits[i], bits[i - 1])
                            .isFalse();
                }
            }
        }
    }

    private static List<Row> aliens() {
        List<Row> rows = new ArrayList<>();
        for (Kind other : Kind.values()) {
            rows.addAll(other.rows(150, 74));
        }
        Row nothing = rows.get(0).copy();
        Arrays.fill(nothing.numbers, Double.NaN);
        Arrays.fill(nothing.categories, null);
        rows.add(nothing);
        return rows;
    }

    private static Row reorder(Row row) {
        Row other = row.copy();
        for (int i = 0; i < REORDERED.size(); i++) {
            other.numbers[i] = row.numbers[REORDERED.get(i)];
            other.categories[i] = row.categories[REORDERED.get(i)];
        }
        return other;
    }

    private static Row inOtherUnits(Row row) {
        Row other = row.copy();
        for (int i = 0; i < Kind.NUMBERS; i++) {
            other.numbers[i] = Math.scalb(row.numbers[i], 7 - 5 * i);
        }
        return other;
    }

    private static Row shifted(Row row) {
        Row other = row.copy();
        for (int i = 0; i < Kind.NUMBERS; i++) {
            other.numbers[i] = row.numbers[i] + 1_000 * i;
        }
        return other;
    }

    /** Spearman's; rows that the view does not look at are left out. */
    private static double rankCorrelation(double[] a, double[] b) {
        int[] looked =
                IntStream.range(0, a.length).filter(i -> !Double.isNaN(a[i])).toArray();
        double[] x = ranks(Arrays.stream(looked).mapToDouble(i -> a[i]).toArray());
        double[] y = ranks(Arrays.stream(looked).mapToDouble(i -> b[i]).toArray());
        double mean = (x.length + 1) / 2.0;
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xy += (x[i] - mean) * (y[i] - mean);
            xx += (x[i] - mean) * (x[i] - mean);
            yy += (y[i] - mean) * (y[i] - mean);
        }
        return xy / Math.sqrt(xx * yy);
    }

    /** From 1 up; ties share their mean. Scores that differ by rounding alone are ties. */
    private static double[] ranks(double[] scores) {
        double[] rounded = Arrays.stream(scores).map(s -> (float) s).toArray();
        double[] sorted = rounded.clone();
        Arrays.sort(sorted);
        return Arrays.stream(rounded)
                .map(s -> {
                    double below = Arrays.stream(sorted).filter(o -> o < s).count();
                    double same = Arrays.stream(sorted).filter(o -> o == s).count();
                    return below + (same + 1) / 2;
                })
                .toArray();
    }
}
