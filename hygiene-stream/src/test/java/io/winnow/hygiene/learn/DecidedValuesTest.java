package io.winnow.hygiene.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.review.Decision;
import io.winnow.core.topic.RecordId;
import io.winnow.hygiene.Samples;
import io.winnow.hygiene.record.Learned;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.DefaultOpenContext;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DecidedValuesTest {
    /** Has every record but those of partition 1. */
    private record Lookup() implements RawLookup {
        private static final long serialVersionUID = 1;

        @Override
        public Fetcher open() {
            return new Fetcher() {
                @Override
                public byte @Nullable [] fetch(RecordId id) {
                    return id.partition() == 1 ? null : Samples.value(id.offset());
                }

                @Override
                public void close() {}
            };
        }
    }

    private static byte[] decision(String record, Decision.Action action) {
        return new Decision("d1", record, action, "ann", "2026-01-01T00:00:00Z", "").encode();
    }

    @Test
    void releases_and_discards_both_come_with_their_values_and_what_was_decided() throws Exception {
        List<Learned> out = new ArrayList<>();
        DecidedValues values = new DecidedValues(new Lookup());
        values.open(DefaultOpenContext.INSTANCE);
        ListCollector<Learned> collector = new ListCollector<>(out);
        values.flatMap(decision("grid.raw/0/5", Decision.Action.RELEASE), collector);
        values.flatMap(decision("grid.raw/0/6", Decision.Action.DISCARD), collector);
        values.flatMap(decision("grid.raw/1/7", Decision.Action.DISCARD), collector);
        values.flatMap(Samples.bytes("not a decision"), collector);
        values.flatMap(decision("nowhere", Decision.Action.DISCARD), collector);
        values.close();
        assertThat(out)
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(
                        Learned.decided("grid.raw/0/5", Decision.Action.RELEASE, Samples.value(5)),
                        Learned.decided("grid.raw/0/6", Decision.Action.DISCARD, Samples.value(6)),
                        Learned.decided("grid.raw/1/7", Decision.Action.DISCARD, null));
    }
}
