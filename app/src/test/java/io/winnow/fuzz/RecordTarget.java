package io.winnow.fuzz;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.contract.Feature;
import io.winnow.core.row.Defect;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import io.winnow.core.topic.DqHeaders;
import java.util.Arrays;
import java.util.Objects;

/** A record's value: it decodes to a row within the contract, or to a defect, and the same way whatever came before. */
public final class RecordTarget {
    private static final Contract CONTRACT = ContractReader.parse("""
            stream: grid
            key: site
            context: {per: key}
            time: {field: ts, format: iso-8601}
            features:
              - {name: demand, type: number, min: -10, max: 1000, required: true}
              - {name: wind, type: number}
              - {name: region, type: category}
              - {name: open, type: boolean}
              - {name: since, type: time}
            target: {name: price, type: number}
            """, "grid.yaml");

    private static final RowDecoder USED = new RowDecoder(CONTRACT);

    private RecordTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        Row row = new Row(CONTRACT);
        Defect defect = USED.decode(data, row);
        Row again = new Row(CONTRACT);
        Defect sameDefect = new RowDecoder(CONTRACT).decode(data, again);
        Checks.that(Objects.equals(defect, sameDefect), "a decoder's past changes its verdict");
        if (defect != null) {
            Checks.that(defect.detail().indexOf('\n') < 0, "a detail of several lines");
            Checks.that(DqHeaders.detail(defect.detail()).length <= DqHeaders.MAX_DETAIL_BYTES, "a detail too long");
            return;
        }
        Checks.that(
                Arrays.equals(row.numbers, again.numbers)
                        && Arrays.equals(row.categories, again.categories)
                        && row.eventTime == again.eventTime
                        && Objects.equals(row.key, again.key),
                "a decoder's past changes its row");
        for (int i = 0; i < row.numbers.length; i++) {
            Feature feature = CONTRACT.features().get(i);
            double n = row.numbers[i];
            Checks.that(Double.isNaN(n) || n >= feature.min() && n <= feature.max(), "a number out of range");
            Checks.that(!feature.required() || !row.isMissing(i), "a required field is missing");
            Checks.that(!Double.isInfinite(n), "an infinite number");
        }
    }
}
