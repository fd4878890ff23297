package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.row.Row;
import io.winnow.core.sequence.SequenceMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How rows follow their key's last ones: what is ordinary about it, whatever the fields do, and what is not. */
class SequenceTest {
    private static final int KEYS = 16;
    private static final int FIELDS = 5;
    private static final Contract CONTRACT = contract("context: {per: key}\n");
    /** The field that goes wrong. */
    private static final int LAST = FIELDS - 1;

    private static Contract contract(String context) {
        StringBuilder yaml = new StringBuilder("stream: s\nkey: k\n" + context + "features:\n");
        for (int i = 0; i < FIELDS; i++) {
            yaml.append("  - {name: f").append(i).append(", type: number}\n");
        }
        return ContractReader.parse(yaml.toString(), "s.yaml");
    }

    /** What the five fields of a key do from row to row. */
    private enum Source {
        /** Each row by itself, to two digits. */
        INDEPENDENT,
        /** Slowly, to three digits. */
        WALK,
        /** Slowly, each to another coarseness: repeats are common. */
        COARSE,
        /** A constant, and fields that change every 20, 100 and 500 rows. */
        STEPS,
        /** Nothing for half of each day. */
        NIGHTS,
        /** Every other key is coarse. */
        MIXED_KEYS
    }

    private static final class Rows {
        private final Source source;
        private final Random random;
        private final double[][] state = new double[KEYS][FIELDS];
        private int next;

        Rows(Source source, long seed) {
            this.source = source;
            random = new Random(seed);
        }

        Row row() {
            int k = next % KEYS;
            int t = next++ / KEYS;
            Row row = new Row(CONTRACT);
            row.key = "k" + k;
            double common = random.nextGaussian();
            for (int i = 0; i < FIELDS; i++) {
                double x = Math.sqrt(0.5) * (common + random.nextGaussian());
                double walk = 0.95 * state[k][i] + 0.3 * x;
                boolean steps = source == Source.STEPS;
                state[k][i] = steps ? step(i, t, x, state[k][i]) : walk;
                row.numbers[i] = switch (source) {
                    case INDEPENDENT -> Math.rint(100 * x) / 100;
                    case WALK -> Math.rint(1_000 * walk) / 1_000;
                    case COARSE -> Math.rint(walk * (1 << i) / 2) / (1 << i) * 2;
                    case STEPS -> state[k][i];
                    case NIGHTS -> i == LAST ? x : (t + k) % 48 < 24 ? 0 : Math.exp(x);
                    case MIXED_KEYS -> k % 2 == 0 ? Math.rint(2 * walk) / 2 : walk;
                };
            }
            return row;
        }

        private double step(int field, int t, double x, double before) {
            int every = new int[] {Integer.MAX_VALUE, 20, 100, 500, 1}[field];
            return t == 0 || random.nextInt(every) == 0 ? x : before;
        }
    }

    /** A stream on its way: rows are judged in turn, and a new profile is made every 300. */
    private static final class Stream {
        final Rows rows;
        final SequenceMemory memory = new SequenceMemory(CONTRACT);
        Profile profile;
        private Judge judge;
        private Summary accepted;
        private int judged;

        Stream(Source source, long seed) {
            rows = new Rows(source, seed);
            List<byte[]> first = new ArrayList<>();
            for (int i = 0; i < 256; i++) {
                Row row = rows.row();
                String value = new String(Sources.value(CONTRACT, row), java.nio.charset.StandardCharsets.UTF_8);
                first.add(value.replace("{", "{\"k\":\"" + row.key + "\",")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            profile = ProfileMaker.first(CONTRACT, first);
            judge = new Judge(CONTRACT, profile);
            accepted = new Summary(profile);
        }

        double judge(Row row) {
            double bits = judge.score(row, accepted, memory, judged);
            if (++judged % 300 == 0) {
                profile = ProfileMaker.next(CONTRACT, profile, accepted);
                judge = new Judge(CONTRACT, profile);
                accepted = new Summary(profile);
            }
            return bits;
        }

        /** Judges a row and learns nothing of it: trials come far more often than faults. */
        double look(Row row) {
            return judge.score(row, new Summary(profile), memory, judged++);
        }

        int aside(int count) {
            int aside = 0;
            for (int i = 0; i < count; i++) {
                aside += judge(rows.row()) >= 10 ? 1 : 0;
            }
            return aside;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whateverFieldsDoFromRowToRowIsOrdinary(Source source) {
        Stream stream = new Stream(source, 51);
        assertThat(stream.aside(8_000) / 8_000.0).as("at first").isLessThan(0.01);
        int rows = 30_000;
        assertThat(stream.aside(rows) * 1_024.0 / rows).as("times nominal").isBetween(0.3, 2.5);
    }

    /** How many times it must repeat its value: a field that nearly never does, one that often does. */
    @ParameterizedTest
    @CsvSource({"INDEPENDENT, 3", "WALK, 3", "COARSE, 7", "NIGHTS, 2"})
    void aFrozenFieldIsFoundAmongOthersThatAreNot(Source source, int repeats) {
        Stream stream = new Stream(source, 52);
        stream.aside(15_000);
        int found = 0;
        for (int trial = 0; trial < 20; trial++) {
            double frozen = Double.NaN;
            for (int t = 0; t <= 12; t++) {
                for (int k = 0; k < KEYS; k++) {
                    Row row = stream.rows.row();
                    boolean ours = "k7".equals(row.key);
                    frozen = ours && t == 0 ? row.numbers[LAST] : frozen;
                    row.numbers[LAST] = ours ? frozen : row.numbers[LAST];
                    double bits = stream.look(row);
                    found += ours && t >= repeats && bits >= 10 ? 1 : 0;
                }
            }
            for (int i = 0; i < 10 * KEYS; i++) {
                stream.look(stream.rows.row());
            }
        }
        assertThat(found / (20.0 * (13 - repeats))).isGreaterThan(0.9);
    }

    /** The wrong value is one that the field often has; the way back, and a step that lasts, are no faults. */
    @Test
    void aJumpIsFoundAndNeitherTheWayBackNorTheNewLevelIs() {
        Stream stream = new Stream(Source.WALK, 53);
        stream.aside(15_000);
        int jumps = 0;
        int back = 0;
        int later = 0;
        for (int trial = 0; trial < 40; trial++) {
            for (int t = 0; t < 8; t++) {
                for (int k = 0; k < KEYS; k++) {
                    Row row = stream.rows.row();
                    boolean spike = "k3".equals(row.key) && t == 2;
                    boolean level = "k5".equals(row.key) && t >= 2;
                    if (spike || level) {
                        row.numbers[LAST] += row.numbers[LAST] > 0 ? -2.5 : 2.5;
                    }
                    double bits = stream.look(row);
                    jumps += spike && bits >= 10 ? 1 : 0;
                    back += "k3".equals(row.key) && t == 3 && bits >= 10 ? 1 : 0;
                    later += level && t > 3 && bits >= 10 ? 1 : 0;
                }
            }
            for (int i = 0; i < 10 * KEYS; i++) {
                stream.look(stream.rows.row());
            }
        }
        assertThat(jumps).as("of 40").isGreaterThan(30);
        assertThat(back).as("of 40").isLessThan(4);
        assertThat(later).as("of 160").isLessThan(24);
    }

    @Test
    void aConstantFieldStaysOrdinaryForAsLongAsItLasts() {
        Stream stream = new Stream(Source.STEPS, 54);
        int aside = 0;
        for (int i = 0; i < 12; i++) {
            aside += stream.aside(5_000);
        }
        assertThat(aside).as("of 60,000").isLessThan(240);
    }

    @Test
    void mergingInAnyOrderAndReadingBackGiveTheSameProfile() {
        Stream stream = new Stream(Source.COARSE, 55);
        stream.aside(3_000);
        Profile profile = stream.profile;
        Judge judge = new Judge(CONTRACT, profile);
        List<Summary> parts = List.of(new Summary(profile), new Summary(profile), new Summary(profile));
        Summary whole = new Summary(profile);
        SequenceMemory memory = new SequenceMemory(CONTRACT);
        SequenceMemory again = new SequenceMemory(CONTRACT);
        for (int i = 0; i < 900; i++) {
            Row row = stream.rows.row();
            judge.score(row, parts.get(i % 3), memory, i);
            judge.score(row, whole, again, i);
        }
        Summary merged = Summary.decode(parts.get(2).encode());
        merged.merge(Summary.decode(parts.get(0).encode()));
        merged.merge(parts.get(1));
        assertThat(merged.encode()).isEqualTo(whole.encode());
        Profile next = ProfileMaker.next(CONTRACT, profile, merged);
        assertThat(next.hash())
                .isEqualTo(ProfileMaker.next(CONTRACT, profile, whole).hash());
        assertThat(Profile.decode(next.encode()).hash()).isEqualTo(next.hash());
    }

    @Test
    void aStreamThatDoesNotAskCarriesNothing() {
        Contract plain = contract("");
        Profile profile = ProfileMaker.first(plain, List.of());
        assertThat(profile.tally.sequence).isNull();
        assertThat(profile.scorer().sequence).isNull();
        assertThat(plain.hash()).isNotEqualTo(CONTRACT.hash());
    }

    @Test
    void longerRunsAreNeverLessSurprising() {
        Random random = new Random(56);
        Frame frame = ProfileMaker.first(CONTRACT, List.of()).frame;
        for (int round = 0; round < 200; round++) {
            SequenceTally tally = new SequenceTally(frame);
            for (int b = 0; b < Runs.BINS; b++) {
                int rows = (int) Math.exp(random.nextInt(20));
                tally.held[b] = random.nextInt(rows + 1);
                tally.ended[b] = random.nextInt(4) == 0 ? 0 : rows - tally.held[b];
            }
            double[] table = new double[Runs.BINS + 1];
            Runs.bits(tally, 0, table, 0);
            double before = 0;
            for (int run = 1; run <= 65_535; run += run < 200 ? 1 : 1_000) {
                double bits = Runs.bits(table, 0, run);
                assertThat(bits).isBetween(before, 60.0);
                before = bits;
            }
        }
    }

    @Test
    void aCorrectionRisesAndStaysNearItsPromise() {
        Random random = new Random(57);
        for (int round = 0; round < 200; round++) {
            int[] counts = new int[Grid.CELLS];
            double rate = 0.2 + 2 * random.nextDouble();
            int rows = random.nextInt(5_000);
            for (int i = 0; i < rows; i++) {
                double score = random.nextInt(3) == 0 ? 0 : -Math.log(random.nextDouble()) / rate;
                counts[Grid.cell(score)] += Tally.ONE;
            }
            Correction correction = new Correction(counts, 0, 13);
            double before = -1;
            for (double score = 0; score < 100; score += 0.01) {
                double bits = correction.of(score);
                assertThat(bits).isGreaterThanOrEqualTo(before).isBetween(Math.max(0, score - 2.001), score + 2.001);
                before = bits;
            }
        }
    }
}
