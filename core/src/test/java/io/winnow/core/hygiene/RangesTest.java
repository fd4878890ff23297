package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A value far beyond its field's range is set aside, among however many others, and however often it comes. (A small value a thousand times as large may be ordinary.) */
class RangesTest {
    private static final double GATE = 10;
    private static final int REFITS = 60;
    private static final int ROWS = 250;

    /** Of every 25 rows one has a field a thousand times as large: a calibration alone gets used to them. */
    @ParameterizedTest
    @ValueSource(ints = {4, 13, 40})
    void whatComesOftenStaysFar(int fields) {
        int[] slipped = new int[2];
        int[] clean = new int[2];
        course(
                fields,
                new Random(17),
                (random, row) -> {
                    if (random.nextInt(25) > 0) {
                        return false;
                    }
                    row.numbers[random.nextInt(fields)] *= 1_000;
                    return true;
                },
                slipped,
                clean);
        assertThat(slipped[1]).as("of %s slips", slipped[0]).isGreaterThan(slipped[0] * 17 / 20);
        assertThat(clean[1]).as("of %s others", clean[0]).isLessThan(clean[0] / 200);
    }

    /** A field that is zero in nine rows of ten has its range in the tenth. */
    @Test
    void whatIsMostlyZeroMayBeWhatItIsOtherwise() {
        int[] none = new int[2];
        int[] all = new int[2];
        course(
                4,
                new Random(18),
                (random, row) -> {
                    row.numbers[0] = random.nextInt(10) > 0 ? 0 : random.nextDouble() * 100;
                    return false;
                },
                none,
                all);
        assertThat(all[1]).as("of %s", all[0]).isLessThan(all[0] / 200);
    }

    /** Values grow by a ten-thousandth a row: the range goes with them. */
    @Test
    void aRangeMovesWithItsField() {
        int[] none = new int[2];
        int[] all = new int[2];
        int[] row = {0};
        course(
                4,
                new Random(19),
                (random, r) -> {
                    r.numbers[1] *= Math.pow(1.0001, row[0]++);
                    return false;
                },
                none,
                all);
        assertThat(all[1]).as("of %s", all[0]).isLessThan(all[0] / 100);
    }

    private interface Spoiler {
        boolean spoil(Random random, Row row);
    }

    /** Counts rows, and those set aside, spoilt and not, after the first few refits. */
    private static void course(int fields, Random random, Spoiler spoiler, int[] spoilt, int[] others) {
        Contract contract = Sources.numbers(fields, GATE);
        List<Row> first = new ArrayList<>();
        for (int i = 0; i < ProfileMaker.COLD_START_ROWS; i++) {
            Row row = new Row(contract);
            fill(row, random);
            spoiler.spoil(random, row);
            first.add(row);
        }
        Profile profile = ProfileMaker.first(contract, Sources.values(contract, first));
        Row row = new Row(contract);
        for (int refit = 0; refit < REFITS; refit++) {
            Judge judge = new Judge(contract, profile);
            Summary accepted = new Summary(profile);
            for (int i = 0; i < ROWS; i++) {
                fill(row, random);
                int[] counts = spoiler.spoil(random, row) ? spoilt : others;
                boolean aside = judge.score(row, accepted) >= GATE;
                if (refit >= 4) {
                    counts[0]++;
                    counts[1] += aside ? 1 : 0;
                }
            }
            profile = ProfileMaker.next(contract, profile, accepted);
        }
    }

    /** Heavy tails, where one field among many hides best. */
    private static void fill(Row row, Random random) {
        double common = random.nextGaussian();
        for (int i = 0; i < row.numbers.length; i++) {
            row.numbers[i] = Math.exp(common + random.nextGaussian());
        }
    }
}
