package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The censoring law: accepted rows lack the tail that the gate cut off, and yet a thousand refits on them leave the gate
 * where it was, whatever the data look like.
 */
class CensoringTest {
    private static final int REFITS = 1_000;
    private static final int ROWS = 300;
    private static final int FIELDS = 5;

    /** What the five fields of a row are drawn from; but for {@code UNIFORM}, they share half of their variance. */
    private enum Source {
        GAUSSIAN,
        LOG_NORMAL,
        STUDENT_T4,
        UNIFORM,
        /** Two modes, a constant, an integer, and a field that is mostly zero. */
        ODD_FIELDS,
        /** One row in twenty lies far away. */
        RARE_MODE,
        /** One row in ten is three times as wild. */
        MIXED_SCALES,
        /** Flags that are set in 20, 5, 2 and 1 % of rows. */
        RARE_FLAGS
    }

    @ParameterizedTest
    @EnumSource
    void aThousandRefitsKeepTheNominalShareAtTenBits(Source source) {
        assertThat(asideOverNominal(source, 10)).isBetween(0.5, 2.0);
    }

    @ParameterizedTest
    @CsvSource({"GAUSSIAN, 6", "STUDENT_T4, 6", "GAUSSIAN, 8", "LOG_NORMAL, 8"})
    void andAtOtherGates(Source source, double threshold) {
        assertThat(asideOverNominal(source, threshold)).isBetween(0.5, 2.0);
    }

    private static double asideOverNominal(Source source, double threshold) {
        Contract contract = Sources.numbers(FIELDS, threshold);
        Random random = new Random(51);
        List<Row> first = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            Row row = new Row(contract);
            fill(row, random, source);
            first.add(row);
        }
        Profile profile = ProfileMaker.first(contract, Sources.values(contract, first));
        Row row = new Row(contract);
        int aside = 0;
        for (int refit = 0; refit < REFITS; refit++) {
            Judge judge = new Judge(contract, profile);
            Summary accepted = new Summary(profile);
            for (int i = 0; i < ROWS; i++) {
                fill(row, random, source);
                if (judge.score(row, accepted) >= threshold && refit >= REFITS / 4) {
                    aside++;
                }
            }
            profile = ProfileMaker.next(contract, profile, accepted);
        }
        return aside / (Math.pow(2, -threshold) * ROWS * REFITS * 3 / 4);
    }

    private static void fill(Row row, Random random, Source source) {
        double common = random.nextGaussian();
        double u = random.nextDouble();
        for (int i = 0; i < FIELDS; i++) {
            double x = Math.sqrt(0.5) * (common + random.nextGaussian());
            row.numbers[i] = switch (source) {
                case GAUSSIAN -> x;
                case LOG_NORMAL -> Math.exp(x);
                case STUDENT_T4 ->
                    x / Math.sqrt((square(random) + square(random) + square(random) + square(random)) / 4);
                case UNIFORM -> random.nextDouble();
                case ODD_FIELDS -> odd(i, x, common, random);
                case RARE_MODE -> u < 0.05 ? 8 + 0.5 * x : x;
                case MIXED_SCALES -> u < 0.1 ? 3 * x : x;
                case RARE_FLAGS ->
                    i == 0 ? x : random.nextDouble() < new double[] {0.2, 0.05, 0.02, 0.01}[i - 1] ? 1 : 0;
            };
        }
    }

    private static double odd(int field, double x, double common, Random random) {
        return switch (field) {
            case 0 -> (common > 0 ? 5 : -5) + x;
            case 1 -> 3;
            case 2 -> Math.rint(3 * x);
            case 3 -> random.nextInt(4) == 0 ? Math.exp(x) : 0;
            default -> x;
        };
    }

    private static double square(Random random) {
        double g = random.nextGaussian();
        return g * g;
    }
}
