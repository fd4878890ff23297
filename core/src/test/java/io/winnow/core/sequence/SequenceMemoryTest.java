package io.winnow.core.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.row.Row;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SequenceMemoryTest {
    private static final Contract CONTRACT = ContractReader.parse("""
            stream: meters
            key: meter
            context: {per: key}
            features:
              - {name: load, type: number}
              - {name: region, type: category}
              - {name: on, type: boolean}
            """, "meters.yaml");
    private static final double NONE = Double.NaN;

    private static Row row(@Nullable String key, double load, double on) {
        Row row = new Row(CONTRACT);
        row.key = key;
        row.numbers[0] = load;
        row.numbers[2] = on;
        return row;
    }

    private static @Nullable String reference(SequenceMemory memory, int partition, String key) {
        Past past = memory.before(partition, row(key, 0, 0));
        return past == null ? null : past.reference().text();
    }

    @Test
    void runsCountRowsOfOneValueWhateverBecameOfThem() {
        SequenceMemory memory = new SequenceMemory(CONTRACT);
        assertThat(reference(memory, 0, "a")).isNull();
        memory.note(0, 10, row("a", 1.5, 1), true);
        memory.note(0, 11, row("b", 1.5, 1), true);
        assertThat(reference(memory, 0, "a")).isEqualTo("10 10 1,1");
        memory.note(0, 12, row("a", 1.5, 0), false);
        memory.note(0, 13, row("a", 1.5, NONE), false);
        assertThat(reference(memory, 0, "a")).isEqualTo("13 10 3,0");
        memory.note(0, 14, row("a", 2, 0), true);
        assertThat(reference(memory, 0, "a")).isEqualTo("14 14 1,1");
        assertThat(reference(memory, 0, "b")).isEqualTo("11 11 1,1");
    }

    @Test
    void theLastAcceptedRowIsKeptBesideTheLast() {
        SequenceMemory memory = new SequenceMemory(CONTRACT);
        memory.note(0, 1, row("a", 1, 0), false);
        assertThat(reference(memory, 0, "a")).isEqualTo("1 - 1,1");
        memory.note(0, 2, row("a", 2, 0), true);
        memory.note(0, 3, row("a", 900, 0), false);
        Past past = Objects.requireNonNull(memory.before(0, row("a", 2, 0)));
        assertThat(past.last(0)).isEqualTo(900);
        assertThat(past.accepted(0)).isEqualTo(2);
        assertThat(past.run(1, 0)).isEqualTo(4);
        assertThat(past.run(0, 2)).isEqualTo(1);
        assertThat(past.run(0, NONE)).isZero();
    }

    @Test
    void aKeyOnTwoPartitionsIsTwoSequencesAndARowWithoutAKeyIsNone() {
        SequenceMemory memory = new SequenceMemory(CONTRACT);
        memory.note(0, 1, row("a", 1, 0), true);
        memory.note(1, 1, row("a", 1, 0), true);
        memory.note(0, 2, row(null, 1, 0), true);
        assertThat(memory.size()).isEqualTo(2);
        assertThat(memory.before(0, row(null, 1, 0))).isNull();
    }

    @Test
    void runsStopCountingBeforeTheyOverflow() {
        SequenceMemory memory = new SequenceMemory(CONTRACT);
        for (int i = 0; i <= Past.MAX_RUN + 5; i++) {
            memory.note(0, i, row("a", 7, 1), true);
        }
        assertThat(reference(memory, 0, "a")).endsWith(" 65535,65535");
    }

    @Test
    void theKeyNotSeenForLongestIsForgottenFirst() {
        SequenceMemory few = new SequenceMemory(CONTRACT, 3, Long.MAX_VALUE);
        for (String key : List.of("a", "b", "c", "a", "d")) {
            few.note(0, 1, row(key, 1, 0), true);
        }
        assertThat(few.size()).isEqualTo(3);
        assertThat(reference(few, 0, "b")).isNull();
        assertThat(reference(few, 0, "a")).isNotNull();

        SequenceMemory small = new SequenceMemory(CONTRACT, 1_000, 2_000);
        for (int i = 0; i < 500; i++) {
            small.note(0, i, row("k" + i, i, 0), i % 2 == 0);
        }
        assertThat(small.size()).isBetween(5, 15);
        assertThat(reference(small, 0, "k499")).isNotNull();
    }

    @Test
    void whatIsRestoredGoesOnAsIfNothingHadHappened() {
        Random random = new Random(3);
        for (int round = 0; round < 20; round++) {
            SequenceMemory whole = new SequenceMemory(CONTRACT, 12, 3_000);
            SequenceMemory restored = whole;
            for (int i = 0; i < 400; i++) {
                if (i == 200) {
                    restored = new SequenceMemory(CONTRACT, 12, 3_000);
                    restored.restore(4, whole.encode(4));
                    assertThat(restored.encode(4)).isEqualTo(whole.encode(4));
                }
                Row row = row("k\u00e4" + random.nextInt(20), random.nextInt(3), random.nextInt(9) == 0 ? NONE : 1);
                boolean accepted = random.nextInt(5) > 0;
                whole.note(4, i, row, accepted);
                if (restored != whole) {
                    restored.note(4, i, row, accepted);
                }
            }
            assertThat(restored.encode(4)).isEqualTo(whole.encode(4));
            assertThat(restored.size()).isEqualTo(whole.size()).isBetween(1, 12);
        }
    }

    @Test
    void anotherContractsMemoryIsLeftBehindAndDamageIsRefused() {
        SequenceMemory memory = new SequenceMemory(CONTRACT);
        memory.note(0, 1, row("a", 1, 0), true);
        byte[] encoded = memory.encode(0);
        Contract other = ContractReader.parse(
                "stream: meters\nkey: meter\ncontext: {per: key}\nfeatures: [{name: load, type: number}]\n", "o.yaml");
        SequenceMemory changed = new SequenceMemory(other);
        changed.restore(0, encoded);
        assertThat(changed.size()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SequenceMemory(CONTRACT).restore(0, java.util.Arrays.copyOf(encoded, 90)));
    }

    @Test
    void aReferenceReadsBackAsItselfAndGivesThePastAgain() {
        SequenceMemory memory = new SequenceMemory(CONTRACT);
        Random random = new Random(4);
        Map<Long, byte[]> values = new HashMap<>();
        int compared = 0;
        for (long i = 0; i < 300; i++) {
            double load = random.nextInt(4) / 4.0;
            boolean on = random.nextInt(3) == 0;
            values.put(i, ("{\"load\":" + load + ",\"on\":" + on + "}").getBytes(StandardCharsets.UTF_8));
            Row row = row("k" + random.nextInt(3), load, on ? 1 : 0);
            Past past = memory.before(0, row);
            if (past != null) {
                String text = past.reference().text();
                assertThat(text.length()).isLessThanOrEqualTo(Reference.maxBytes(2));
                Past again = Past.of(CONTRACT, text, offset -> Objects.requireNonNull(values.get(offset)));
                assertThat(again.reference().text()).isEqualTo(text);
                for (int j = 0; j < 2; j++) {
                    assertThat(again.last(j)).isEqualTo(past.last(j));
                    assertThat(again.accepted(j)).isEqualTo(past.accepted(j));
                    assertThat(again.run(j)).isEqualTo(past.run(j));
                }
                compared++;
            }
            memory.note(0, i, row, random.nextInt(4) > 0);
        }
        assertThat(compared).isGreaterThan(290);
    }

    @Test
    void whatIsNoReferenceIsRefused() {
        for (String text : List.of(
                "",
                " ",
                "1",
                "1 1",
                "1 1 1",
                "1 1 1,1,1",
                "1 2 1,1",
                "-1 - 1,1",
                "1 x 1,1",
                "1 1 1,-1",
                "1 1 1,65536",
                "1 1 1,",
                "1 1 1,1 ",
                "99999999999999999999 - 1,1",
                "1 1 " + "1,".repeat(10_000))) {
            assertThatIllegalArgumentException()
                    .as(text)
                    .isThrownBy(() -> Reference.parse(text, 2))
                    .withMessageContaining("");
        }
        assertThat(Reference.parse("1 -", 0).text()).isEqualTo("1 -");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Past.of(CONTRACT, "3 - 1,1", offset -> "{".getBytes(StandardCharsets.UTF_8)))
                .withMessageContaining("offset 3");
    }
}
