package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.row.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clean data that drift, judged at ten bits with a profile as often as on the stream: no stretch of rows is refused. */
class DriftingCleanTest {
    private static final int ROWS = 65_000;
    private static final int BLOCK = 5_000;
    private static final int FIELDS = 5;
    /** A row a minute. */
    private static final double DAY = 1_440;

    /** What drifts in a row of five fields that share half of their variance. */
    private enum Drift {
        /** The level of two fields, by a deviation in 2,500 rows. */
        MEAN,
        /** Three fields go up and down by two deviations a day. */
        DAILY_CYCLE,
        /** The same over twenty days. */
        SLOW_CYCLE,
        /** All fields' spread doubles and halves again, every 20,000 rows. */
        VARIANCE,
        /** Level, day and spread at once. */
        ALL
    }

    @ParameterizedTest
    @EnumSource
    void noBlockIsRefused(Drift drift) {
        Contract contract = contract();
        Random random = new Random(91);
        List<Row> first = new ArrayList<>();
        for (int i = 0; i < ProfileMaker.COLD_START_ROWS; i++) {
            first.add(row(contract, drift, i, random));
        }
        Profile profile = ProfileMaker.first(contract, Sources.values(contract, first));
        int[] aside = new int[ROWS / BLOCK];
        Judge judge = new Judge(contract, profile);
        Summary accepted = new Summary(profile);
        for (int i = 0; i < ROWS; i++) {
            double bits = judge.score(row(contract, drift, ProfileMaker.COLD_START_ROWS + i, random), accepted);
            aside[i / BLOCK] += bits >= contract.hygiene().quarantineBits() ? 1 : 0;
            if (accepted.rows() >= ProfileMaker.rowsPerProfile(contract, profile)) {
                profile = ProfileMaker.next(contract, profile, accepted);
                judge = new Judge(contract, profile);
                accepted = new Summary(profile);
            }
        }
        assertThat(Arrays.stream(aside).max().orElseThrow()).isLessThanOrEqualTo((int) (0.015 * BLOCK));
    }

    private static Contract contract() {
        StringBuilder yaml = new StringBuilder("stream: d\ntime: {field: ts, format: epoch-millis}\nfeatures:\n");
        for (int i = 0; i < FIELDS; i++) {
            yaml.append("  - {name: f").append(i).append(", type: number}\n");
        }
        return ContractReader.parse(yaml.toString(), "d.yaml");
    }

    private static Row row(Contract contract, Drift drift, int at, Random random) {
        Row row = new Row(contract);
        row.eventTime = 1_760_000_000_000L + at * 60_000L;
        double common = random.nextGaussian();
        for (int f = 0; f < FIELDS; f++) {
            double x = Math.sqrt(0.5) * (common + random.nextGaussian());
            double day = f < 3 ? 2 * Math.sin(2 * Math.PI * at / DAY + f) : 0;
            double spread = Math.pow(2, (1 - Math.cos(Math.PI * at / 20_000)) / 2);
            double level = f < 2 ? (f == 0 ? 1 : -1) * at / 10_000.0 : 0;
            row.numbers[f] = switch (drift) {
                case MEAN -> x + 4 * level;
                case DAILY_CYCLE -> x + day;
                case SLOW_CYCLE -> x + (f < 3 ? 2 * Math.sin(2 * Math.PI * at / (20 * DAY) + f) : 0);
                case VARIANCE -> spread * x;
                case ALL -> spread * x + level + day;
            };
        }
        return row;
    }
}
