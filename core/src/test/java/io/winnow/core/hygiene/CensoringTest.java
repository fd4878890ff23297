package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The censoring law: accepted rows lack the tail that the gate cut off, and yet a thousand refits on them leave the gate
 * where it was.
 */
class CensoringTest {
    private static final int REFITS = 1_000;
    private static final int ROWS = 200;

    @ParameterizedTest
    @CsvSource({"false, 6", "false, 7", "true, 6"})
    void aThousandRefitsOnStationaryDataKeepTheNominalShare(boolean skewed, double threshold) {
        Contract contract = Sources.numbers(5, threshold);
        Random random = new Random(51);
        DoubleUnaryOperator shape = skewed ? Math::exp : x -> x;
        List<Row> first = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            Row row = new Row(contract);
            fill(row, random, shape);
            first.add(row);
        }
        Profile profile = ProfileMaker.first(contract, Sources.values(contract, first));
        Row row = new Row(contract);
        int aside = 0;
        for (int refit = 0; refit < REFITS; refit++) {
            Judge judge = new Judge(contract, profile);
            Summary accepted = new Summary(profile);
            for (int i = 0; i < ROWS; i++) {
                fill(row, random, shape);
                if (judge.score(row, accepted) >= threshold && refit >= REFITS / 4) {
                    aside++;
                }
            }
            profile = ProfileMaker.next(contract, profile, accepted);
        }
        double nominal = Math.pow(2, -threshold) * ROWS * REFITS * 3 / 4;
        assertThat(aside / nominal).isBetween(0.5, 2.0);
    }

    /** Five fields that share half of their variance. */
    private static void fill(Row row, Random random, DoubleUnaryOperator shape) {
        double common = random.nextGaussian();
        for (int i = 0; i < row.numbers.length; i++) {
            row.numbers[i] = shape.applyAsDouble(Math.sqrt(0.5) * (common + random.nextGaussian()));
        }
    }
}
