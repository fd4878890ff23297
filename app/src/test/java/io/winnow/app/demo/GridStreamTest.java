package io.winnow.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.row.Defect;
import io.winnow.core.row.Reason;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GridStreamTest {
    private static final Contract CONTRACT = ContractReader.parse(GridStream.contractYaml(10_000), "grid.yaml");
    private static final int N = 50_000;

    @Test
    void everyCleanReadingKeepsItsContractAndItsPhysics() {
        GridStream grid = new GridStream(7);
        RowDecoder decoder = new RowDecoder(CONTRACT);
        Row row = new Row(CONTRACT);
        for (long n = 0; n < N; n += 7) {
            Reading r = grid.at(n);
            assertThat(decoder.decode(r.bytes(), row)).isNull();
            assertThat(row.hasTarget()).isTrue();
            double s = Math.hypot(
                    r.number("demand").doubleValue(), r.number("reactive").doubleValue());
            double high = r.number("voltage_high").doubleValue();
            double i = 1000 * s / (Math.sqrt(3) * high);
            assertThat(r.number("current_high").doubleValue()).isCloseTo(i, within(0.04 * i));
            assertThat(r.number("current_low").doubleValue()).isCloseTo(5.5 * i, within(0.22 * i));
            assertThat(r.number("voltage_low").doubleValue()).isBetween(high / 5.5 * 0.95, high / 5.5);
            assertThat(r.number("winding_temperature")).isGreaterThan(r.number("oil_temperature"));
            assertThat(r.number("gust")).isGreaterThan(r.number("wind"));
            assertThat(r.number("dew_point").doubleValue())
                    .isLessThan(r.number("temperature").doubleValue() + 0.5);
            assertThat(high).isBetween(104.5, 116.0);
            assertThat(r.number("humidity").doubleValue()).isBetween(15.0, 100.0);
        }
    }

    @Test
    void theExampleContractIsTheDemos() throws IOException {
        Contract example = ContractReader.parse(Files.readString(Path.of("../streams/grid.yaml")), "grid.yaml");
        assertThat(example).isEqualTo(CONTRACT);
    }

    @Test
    void isAPureFunctionOfSeedAndNumber() {
        GridStream one = new GridStream(3);
        Reading late = one.at(40_000);
        assertThat(new GridStream(3).at(40_000)).isEqualTo(late);
        assertThat(new GridStream(4).at(40_000)).isNotEqualTo(late);
    }

    @Test
    void twoPercentCarryFaultsInEqualShares() {
        FaultInjector injector = new FaultInjector(new GridStream(11), 11);
        Map<FaultKind, Integer> counts = new EnumMap<>(FaultKind.class);
        for (long n = 0; n < 4 * N; n++) {
            injector.at(n).fault().ifPresent(kind -> counts.merge(kind, 1, Integer::sum));
        }
        double each = 4 * N * FaultInjector.SHARE / FaultKind.values().length;
        assertThat(counts.values().stream().mapToInt(Integer::intValue).sum() / (4.0 * N))
                .isBetween(0.018, 0.022);
        for (FaultKind kind : FaultKind.values()) {
            assertThat(counts.get(kind)).as(kind.label()).isBetween((int) (0.75 * each), (int) (1.25 * each));
        }
    }

    @Test
    void aFaultIsWhatItsKindSaysAndTheFieldIsAnyOfThem() {
        GridStream grid = new GridStream(5);
        FaultInjector injector = new FaultInjector(grid, 5);
        RowDecoder decoder = new RowDecoder(CONTRACT);
        Row row = new Row(CONTRACT);
        Row clean = new Row(CONTRACT);
        Map<String, Integer> slipped = new HashMap<>();
        for (long n = 0; n < 8 * N; n++) {
            FaultInjector.Sent sent = injector.at(n);
            if (sent.fault().isEmpty()) {
                continue;
            }
            decoder.decode(grid.at(n).bytes(), clean);
            Defect defect = decoder.decode(sent.value(), row);
            FaultKind kind = sent.fault().get();
            if (kind == FaultKind.BROKEN_JSON) {
                assertThat(defect).isNotNull();
                assertThat(defect.reason()).isEqualTo(Reason.MALFORMED);
                continue;
            }
            if (kind == FaultKind.MISSING_FIELDS && defect != null) {
                assertThat(defect.reason()).isEqualTo(Reason.INVALID);
                continue;
            }
            assertThat(defect).as("%s: valid by contract", kind).isNull();
            int changed = 0;
            for (int i = 0; i < row.numbers.length; i++) {
                if (Double.compare(row.numbers[i], clean.numbers[i]) != 0) {
                    changed++;
                    double ratio = row.numbers[i] / clean.numbers[i];
                    if (kind == FaultKind.UNIT_SLIP) {
                        slipped.merge(CONTRACT.features().get(i).name(), 1, Integer::sum);
                        double power = Math.abs(Math.log10(ratio));
                        assertThat(Math.min(Math.abs(power - 1), Math.abs(power - 3)))
                                .isLessThan(1e-9);
                    }
                    if (kind == FaultKind.SIGN_FLIP) {
                        assertThat(ratio).isEqualTo(-1);
                    }
                }
            }
            switch (kind) {
                case SWAPPED_FIELDS -> assertThat(changed).isEqualTo(2);
                case MISSING_FIELDS -> assertThat(changed).isBetween(1, 3);
                default -> assertThat(changed).isEqualTo(1);
            }
        }
        int total = slipped.values().stream().mapToInt(Integer::intValue).sum();
        for (String field : GridStream.NUMBERS) {
            assertThat(slipped.get(field) * (double) GridStream.NUMBERS.size() / total)
                    .as(field)
                    .isBetween(0.7, 1.3);
        }
    }
}
