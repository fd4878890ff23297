package io.winnow.core.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.contract.Derive;
import io.winnow.core.contract.Feature;
import io.winnow.core.contract.FeatureType;
import io.winnow.core.contract.Hygiene;
import io.winnow.core.contract.Target;
import io.winnow.core.contract.TimeField;
import io.winnow.core.contract.Training;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowDecoderTest {
    private static byte[] utf8(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }

    private static Contract contract(String yaml) {
        return ContractReader.parse(yaml, "c.yaml");
    }

    /** Random rows, fields in random order, come back to the exact double, whatever notation was used. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void roundTripsToTheExactDouble(long seed) {
        Random random = new Random(seed);
        int n = 1 + random.nextInt(12);
        List<Feature> features = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            features.add(Feature.of("f\u00e4 \"" + i, FeatureType.values()[random.nextInt(3)]));
        }
        Contract contract = new Contract(
                "s",
                Optional.empty(),
                false,
                Optional.of(new TimeField("ts", TimeField.Format.EPOCH_MILLIS)),
                features,
                Optional.of(new Target("y", FeatureType.NUMBER)),
                Optional.empty(),
                Derive.DEFAULT,
                Hygiene.DEFAULT,
                Training.DEFAULT);
        RowDecoder decoder = new RowDecoder(contract);
        Row row = new Row(contract);
        for (int round = 0; round < 2_000; round++) {
            double[] numbers = new double[n];
            String[] categories = new String[n];
            List<String> fields = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                numbers[i] = Double.NaN;
                if (random.nextInt(5) == 0) {
                    if (random.nextBoolean()) {
                        fields.add(name(i) + ":null");
                    }
                    continue;
                }
                switch (features.get(i).type()) {
                    case NUMBER -> {
                        numbers[i] = anyDouble(random);
                        fields.add(name(i) + ":" + written(numbers[i], random));
                    }
                    case BOOLEAN -> {
                        numbers[i] = random.nextInt(2);
                        fields.add(name(i) + ":" + (numbers[i] == 1));
                    }
                    default -> {
                        categories[i] = "k\u00f6\u4e16\ud83d\ude00".substring(0, random.nextInt(4));
                        fields.add(name(i) + ":\"" + categories[i] + "\"");
                    }
                }
            }
            long time = random.nextLong() >> 12;
            double y = anyDouble(random);
            fields.add("\"ts\":" + time);
            fields.add("\"y\" : " + written(y, random));
            fields.add("\"unknown\":{\"deep\":[1,2,{\"x\":null}]}");
            Collections.shuffle(fields, random);
            assertThat(decoder.decode(utf8("{" + String.join(", ", fields) + "}"), row))
                    .isNull();
            for (int i = 0; i < n; i++) {
                assertThat(Double.doubleToLongBits(row.numbers[i])).isEqualTo(Double.doubleToLongBits(numbers[i]));
            }
            assertThat(row.categories).containsExactly(categories);
            assertThat(row.eventTime).isEqualTo(time);
            assertThat(row.targetNumber).isEqualTo(y);
            assertThat(row.ignoredFields).isEqualTo(1);
            assertThat(row.copy().numbers).containsExactly(row.numbers);
        }
    }

    private static String name(int i) {
        return "\"f\\u00e4 \\\"" + i + "\"";
    }

    private static double anyDouble(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(2_000) - 1_000;
            case 1 -> random.nextGaussian();
            case 2 -> Double.MIN_VALUE * random.nextInt(100);
            default -> {
                double d = Double.longBitsToDouble(random.nextLong());
                yield Double.isFinite(d) ? d : Double.MAX_VALUE;
            }
        };
    }

    private static String written(double d, Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> Double.toString(d);
            case 1 ->
                new BigDecimal(d)
                        .round(new java.math.MathContext(40))
                        .toString()
                        .replace("E+", "E");
            default -> String.format(java.util.Locale.ROOT, "%.17e", d);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "iso-8601, \"2026-01-31T12:00:00Z\", 1769860800000",
        "iso-8601, \"2026-01-31T12:00:00.5+02:00\", 1769853600500",
        "iso-8601, \"2026-01-31T12:00:00\", 1769860800000",
        "iso-8601, \"2026-01-31 12:00\", 1769860800000",
        "iso-8601, \"2026-01-31\", 1769817600000",
        "epoch-seconds, 1769860800.25, 1769860800250",
        "epoch-millis, 1769860800000, 1769860800000",
        "epoch-millis, -1.5, -2"
    })
    void readsTimesAsTheContractSays(String format, String json, long millis) {
        Contract c = contract(
                "stream: s\ntime: {field: ts, format: " + format + "}\nfeatures:\n" + "  - {name: x, type: number}\n");
        Row row = new Row(c);
        assertThat(new RowDecoder(c).decode(utf8("{\"ts\":" + json + "}"), row)).isNull();
        assertThat(row.eventTime).isEqualTo(millis);
    }

    @Test
    void oneFieldMayBeTimeAndFeature() {
        Contract c = contract("stream: s\nkey: ts\ntime: {field: ts, format: epoch-millis}\nfeatures:\n"
                + "  - {name: ts, type: number, max: 10}\n");
        Row row = new Row(c);
        RowDecoder decoder = new RowDecoder(c);
        assertThat(decoder.decode(utf8("{\"ts\":7}"), row)).isNull();
        assertThat(row.eventTime).isEqualTo(7);
        assertThat(row.numbers).containsExactly(7);
        assertThat(decoder.decode(utf8("{\"ts\":11}"), row))
                .isEqualTo(new Defect(Reason.INVALID, "field 'ts' is 11.0, outside -Infinity to 10.0"));
        assertThat(decoder.decode(utf8("{\"ts\":7,\"ts\":7}"), row))
                .isEqualTo(new Defect(Reason.MALFORMED, "the key 'ts' is there twice"));
    }

    @Test
    void nothingOfTheLastRowIsLeft() {
        Contract c = contract("stream: s\nfeatures:\n  - {name: x, type: number}\n  - {name: c, type: category}\n"
                + "target: {name: y, type: category}\n");
        Row row = new Row(c);
        RowDecoder decoder = new RowDecoder(c);
        decoder.decode(utf8("{\"x\":1,\"c\":\"a\",\"y\":\"up\",\"z\":1}"), row);
        assertThat(row.targetCategory).isEqualTo("up");
        decoder.decode(utf8("{}"), row);
        assertThat(row.isMissing(0)).isTrue();
        assertThat(row.isMissing(1)).isTrue();
        assertThat(row.hasTarget()).isFalse();
        assertThat(row.ignoredFields).isZero();
        assertThat(row.eventTime).isEqualTo(Row.NO_TIME);
    }

    @Test
    void contentInADefectIsQuoted() {
        Contract c = contract("stream: s\nfeatures:\n  - {name: x, type: number}\n");
        Defect defect =
                new RowDecoder(c).decode(utf8("{\"<b>\\n\\u001b[31m'\":1,\"<b>\\n\\u001b[31m'\":2}"), new Row(c));
        assertThat(defect).isEqualTo(new Defect(Reason.MALFORMED, "the key '<b>??[31m?' is there twice"));
    }

    @Test
    void quoteCutsAndCleans() {
        assertThat(Quote.of("a\tb\u202e\u0000'c")).isEqualTo("'a?b???c'");
        assertThat(Quote.of("x".repeat(41))).isEqualTo("'" + "x".repeat(40) + "…'");
        assertThat(Quote.of("\u00e4\u4e16")).isEqualTo("'\u00e4\u4e16'");
    }
}
