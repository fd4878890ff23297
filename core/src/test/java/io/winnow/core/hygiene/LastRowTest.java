package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import io.winnow.core.sequence.Past;
import io.winnow.core.sequence.Reference;
import io.winnow.core.sequence.SequenceMemory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** By its key's last row alone, a record is as surprising as by that and the last accepted one, or more. */
class LastRowTest {
    private static final Contract CONTRACT = ContractReader.parse("""
            stream: meters
            key: meter
            context: {per: key}
            features:
              - {name: load, type: number}
              - {name: level, type: number}
              - {name: region, type: category}
            """, "meters.yaml");

    private final Random random = new Random(17);
    private final double[] walk = new double[4];

    /** A reading of one of four meters; one in ten lacks its level, one in forty jumps, one in seven repeats. */
    private byte[] value(int n) {
        int k = n % walk.length;
        walk[k] = random.nextInt(7) == 0 ? walk[k] : 0.9 * walk[k] + 0.4 * random.nextGaussian();
        double jump = random.nextInt(40) == 0 ? 40 + random.nextGaussian() : 0;
        String level = random.nextInt(10) == 0 ? "" : String.format(Locale.ROOT, ",\"level\":%.2f", 3 * walk[k] + jump);
        return String.format(
                        Locale.ROOT, "{\"meter\":\"m%d\",\"load\":%.2f,\"region\":\"r\"%s}", k, walk[k] + jump, level)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static double bits(Profile profile, byte[] value, @Nullable Past past) {
        return Explanation.of(CONTRACT, profile, value, past).bits();
    }

    @Test
    void boundsTheBitsFromAbove() {
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            values.add(value(i));
        }
        Profile profile = ProfileMaker.first(CONTRACT, values);
        SequenceMemory memory = new SequenceMemory(CONTRACT);
        RowDecoder decoder = new RowDecoder(CONTRACT);
        Row row = new Row(CONTRACT);
        int more = 0;
        int equal = 0;
        int unknown = 0;
        for (int batch = 0; batch < 20; batch++) {
            Judge judge = new Judge(CONTRACT, profile);
            Summary accepted = new Summary(profile);
            for (int i = 0; i < 300; i++) {
                int offset = values.size();
                byte[] value = value(offset);
                values.add(value);
                Reference reference =
                        judge.judge(value, accepted, memory, 0, offset).context();
                if (reference == null) {
                    continue;
                }
                assertThat(decoder.decode(value, row)).isNull();
                Past both = Past.of(CONTRACT, reference.text(), at -> values.get((int) at));
                Past last = Past.byLastRow(CONTRACT, reference.text(), row, at -> values.get((int) at));
                assertThat(Past.byLastRow(CONTRACT, reference.text(), row, at -> null))
                        .isNull();
                if (last == null) {
                    unknown++;
                    continue;
                }
                double known = bits(profile, value, both);
                double bound = bits(profile, value, last);
                if (reference.acceptedOffset() == reference.offset()) {
                    assertThat(bound).isEqualTo(known);
                }
                assertThat(bound).isGreaterThanOrEqualTo(known);
                more += bound > known ? 1 : 0;
                equal += bound == known ? 1 : 0;
            }
            profile = ProfileMaker.next(CONTRACT, profile, accepted);
        }
        assertThat(equal).isGreaterThan(1_000);
        assertThat(more).as("after a jump, back to where it was").isGreaterThan(20);
        assertThat(unknown).as("after a jump without a level").isGreaterThan(5);
        assertThat(profile.rows()).isGreaterThan(3_000);
    }
}
