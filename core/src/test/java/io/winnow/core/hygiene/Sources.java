package io.winnow.core.hygiene;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.contract.Feature;
import io.winnow.core.contract.FeatureType;
import io.winnow.core.row.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Contracts and seeded random rows that the tests of this package share. */
final class Sources {
    /** One field of each type, an event time among them. */
    static final Contract MIXED = ContractReader.parse("""
            stream: mixed
            time: {field: ts, format: epoch-millis}
            features:
              - {name: a, type: number}
              - {name: b, type: number}
              - {name: site, type: category}
              - {name: on, type: boolean}
              - {name: due, type: time}
            """, "mixed.yaml");

    private Sources() {}

    /** So many unbounded number features, gate at so many bits. */
    static Contract numbers(int count, double quarantineBits) {
        return features(
                IntStream.range(0, count).mapToObj(i -> FeatureType.NUMBER).toList(), quarantineBits);
    }

    static Contract features(List<FeatureType> types, double quarantineBits) {
        List<Feature> features = IntStream.range(0, types.size())
                .mapToObj(i -> Feature.of("f" + i, types.get(i)))
                .toList();
        return withFeatures(features, quarantineBits);
    }

    private static Contract withFeatures(List<Feature> features, double quarantineBits) {
        Contract base = MIXED;
        return new Contract(
                "wide",
                base.key(),
                false,
                java.util.Optional.empty(),
                features,
                base.target(),
                base.labels(),
                base.derive(),
                new io.winnow.core.contract.Hygiene(quarantineBits),
                base.training());
    }

    /** A row of {@link #MIXED}: two correlated numbers whose level depends on the site, some of it missing. */
    static Row mixed(Random random, long at) {
        Row row = new Row(MIXED);
        int site = random.nextInt(4);
        double base = random.nextGaussian();
        row.eventTime = 1_760_000_000_000L + at * 60_000;
        row.numbers[0] = random.nextInt(50) == 0 ? Double.NaN : 100 + 10 * site + 5 * base;
        row.numbers[1] = 3 * base + random.nextGaussian();
        row.categories[2] = random.nextInt(60) == 0 ? null : "site-" + site;
        row.numbers[3] = random.nextInt(10) == 0 ? 1 : 0;
        row.numbers[4] = row.eventTime + 3.6e6 * random.nextInt(24);
        return row;
    }

    static List<Row> mixed(int count, long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, count).mapToObj(i -> mixed(random, i)).toList();
    }

    /** The row as a record's value. */
    static byte[] value(Contract contract, Row row) {
        List<String> fields = new ArrayList<>();
        contract.time().ifPresent(t -> fields.add("\"" + t.field() + "\":" + row.eventTime));
        for (int i = 0; i < row.numbers.length; i++) {
            Feature feature = contract.features().get(i);
            if (row.isMissing(i)) {
                continue;
            }
            String value = switch (feature.type()) {
                case CATEGORY -> "\"" + row.categories[i] + "\"";
                case BOOLEAN -> row.numbers[i] == 1 ? "true" : "false";
                case NUMBER, TIME -> String.format(Locale.ROOT, "%s", row.numbers[i]);
            };
            fields.add("\"" + feature.name() + "\":" + value);
        }
        return ("{" + String.join(",", fields) + "}").getBytes(StandardCharsets.UTF_8);
    }

    static List<byte[]> values(Contract contract, List<Row> rows) {
        return rows.stream().map(r -> value(contract, r)).toList();
    }

    /** Number rows, each field a function of the same source of randomness. */
    static List<Row> rows(Contract contract, int count, Random random, ToDoubleFunction<Random> field) {
        return IntStream.range(0, count)
                .mapToObj(r -> {
                    Row row = new Row(contract);
                    for (int i = 0; i < row.numbers.length; i++) {
                        row.numbers[i] = field.applyAsDouble(random);
                    }
                    return row;
                })
                .toList();
    }
}
