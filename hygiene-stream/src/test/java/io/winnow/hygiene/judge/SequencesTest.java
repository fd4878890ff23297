package io.winnow.hygiene.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.hygiene.Explanation;
import io.winnow.core.hygiene.Judge;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.ProfileMaker;
import io.winnow.core.hygiene.Summary;
import io.winnow.core.sequence.Past;
import io.winnow.core.sequence.SequenceMemory;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import io.winnow.hygiene.Samples;
import io.winnow.hygiene.breaker.InMemoryGoAheads;
import io.winnow.hygiene.profile.InMemoryProfileChannel;
import io.winnow.hygiene.record.Delivery;
import io.winnow.hygiene.record.RawRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The judge of a stream whose contract compares rows with their key's last ones. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SequencesTest {
    private static final Contract METERS = ContractReader.parse("""
            stream: grid
            key: meter
            context: {per: key}
            features:
              - {name: load, type: number}
              - {name: on, type: boolean}
              - {name: region, type: category}
            """, "meters.yaml");
    private static final int MAX_PARALLELISM = 4;
    private static final Profile LEARNED = learned();

    @TempDir
    Path directory;

    private InMemoryProfileChannel channel = new InMemoryProfileChannel("");
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void newChannel(TestInfo test) {
        channel = new InMemoryProfileChannel(test.getDisplayName() + System.nanoTime());
        channel.append(LEARNED);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable c : open) {
            c.close();
        }
    }

    /** Reading {@code i}: of meter {@code i mod 4}, a slow wave and noise; a flag that changes every 10. */
    private static byte[] value(long i) {
        return value(i, wave(i));
    }

    private static double wave(long i) {
        return 100 + 20 * Math.sin(i / 12.0) + new Random(i * 0x9E3779B97F4A7C15L).nextGaussian();
    }

    private static byte[] value(long i, double load) {
        return Samples.bytes(String.format(
                Locale.ROOT,
                "{\"meter\":\"m-%d\",\"load\":%.3f,\"on\":%b,\"region\":\"north\"}",
                i % 4,
                load,
                i / 4 % 20 < 10));
    }

    private static Profile learned() {
        Profile profile = ProfileMaker.first(
                METERS, LongStream.range(0, 256).mapToObj(SequencesTest::value).toList());
        SequenceMemory memory = new SequenceMemory(METERS);
        for (int from = 0; from < 6_000; from += 500) {
            Judge judge = new Judge(METERS, profile);
            Summary accepted = new Summary(profile);
            for (int i = from; i < from + 500; i++) {
                judge.judge(value(i), accepted, memory, 0, i);
            }
            profile = ProfileMaker.next(METERS, profile, accepted);
        }
        return profile;
    }

    private OneInputStreamOperatorTestHarness<RawRecord, Delivery> start(
            int parallelism, int subtask, @Nullable OperatorSubtaskState state) throws Exception {
        var harness = new OneInputStreamOperatorTestHarness<RawRecord, Delivery>(
                new JudgeOperatorFactory(Samples.rules(METERS, directory), channel, new InMemoryGoAheads("none")),
                MAX_PARALLELISM,
                parallelism,
                subtask);
        open.add(harness);
        harness.setup(Types.POJO(Delivery.class)
                .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        if (state == null) {
            harness.initializeEmptyState();
        } else {
            harness.initializeState(state);
        }
        harness.open();
        for (var mail = harness.getTaskMailbox().tryTake(0); mail.isPresent(); ) {
            mail.get().run();
            mail = harness.getTaskMailbox().tryTake(0);
        }
        return harness;
    }

    private static OperatorSubtaskState repartitioned(int from, int to, int subtask, OperatorSubtaskState... states)
            throws Exception {
        return AbstractStreamOperatorTestHarness.repartitionOperatorState(
                AbstractStreamOperatorTestHarness.repackageState(states), MAX_PARALLELISM, from, to, subtask);
    }

    private static void send(
            OneInputStreamOperatorTestHarness<RawRecord, Delivery> h, int partition, long from, long to)
            throws Exception {
        for (long i = from; i < to; i++) {
            h.processElement(Samples.raw(partition, i, value(i)), i);
        }
    }

    /** All that was judged, by offset. */
    private static List<Delivery> judged(OneInputStreamOperatorTestHarness<RawRecord, Delivery> h) {
        List<Delivery> all = new ArrayList<>(h.extractOutputValues());
        var side = h.getSideOutput(JudgeOperator.QUARANTINE);
        if (side != null) {
            side.stream().map(StreamRecord::getValue).forEach(all::add);
        }
        all.sort(Comparator.comparingLong(SequencesTest::offset));
        return all;
    }

    private static long offset(Delivery d) {
        return RecordId.parse(text(d, DqHeaders.ID)).offset();
    }

    private static String text(Delivery d, String header) {
        byte[] value = d.header(header);
        return value == null ? "" : DqHeaders.text(value);
    }

    @Test
    void aRecordSaysWhatItWasComparedWithAndAKeysFirstOneNothing() throws Exception {
        var h = start(1, 0, null);
        send(h, 0, 6_000, 6_012);
        List<Delivery> all = judged(h);
        assertThat(all.subList(0, 4))
                .allSatisfy(d -> assertThat(d.header(DqHeaders.CONTEXT)).isNull());
        assertThat(text(all.get(4), DqHeaders.CONTEXT)).isEqualTo("6000 6000 1,1");
        assertThat(text(all.get(8), DqHeaders.CONTEXT)).isEqualTo("6004 6004 1,2");
        assertThat(text(all.get(11), DqHeaders.CONTEXT)).isEqualTo("6007 6007 1,2");
    }

    @Test
    void aFrozenFieldIsSetAsideAndItsRunGoesOnMeanwhile() throws Exception {
        var h = start(1, 0, null);
        send(h, 0, 6_000, 6_040);
        for (long i = 6_040; i < 6_100; i++) {
            byte[] value = i % 4 == 1 ? value(i, 111.5) : value(i);
            h.processElement(Samples.raw(0, i, value), i);
        }
        send(h, 0, 6_100, 6_140);
        List<Delivery> frozen = judged(h).stream()
                .filter(d -> offset(d) % 4 == 1 && offset(d) > 6_045 && offset(d) < 6_100)
                .toList();
        assertThat(frozen).hasSize(13).allSatisfy(d -> {
            assertThat(text(d, DqHeaders.REASON)).isEqualTo("SURPRISING");
            assertThat(text(d, DqHeaders.FIELDS)).startsWith("load=");
        });
        Delivery last = frozen.get(12);
        assertThat(text(last, DqHeaders.DETAIL)).contains("load").contains("unchanged for 15 rows");
        assertThat(text(last, DqHeaders.CONTEXT)).matches("6093 60(37|41|45) 14,\\d+");
        assertThat(judged(h).stream().filter(d -> offset(d) == 6_101))
                .as("the sensor that catches up")
                .singleElement()
                .satisfies(d -> assertThat(d.header(DqHeaders.REASON)).isNull());
    }

    @Test
    void theHeaderGivesTheBitsAgainToTheLastDigit() throws Exception {
        var h = start(1, 0, null);
        Random random = new Random(5);
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            double load = random.nextInt(10) == 0 ? 60 + 80 * random.nextDouble() : i % 40 < 8 ? 101 : wave(i);
            values.add(random.nextInt(30) == 0 ? Samples.bytes("{") : value(i, load));
            h.processElement(Samples.raw(0, i, values.get(i)), i);
        }
        int compared = 0;
        for (Delivery d : judged(h)) {
            String context = text(d, DqHeaders.CONTEXT);
            Past past = context.isEmpty() ? null : Past.of(METERS, context, o -> values.get((int) o));
            Explanation again = Explanation.of(METERS, LEARNED, d.value(), past);
            compared += past == null ? 0 : 1;
            assertThat(Double.toString(again.bits()))
                    .isEqualTo(again.defect() == null ? text(d, DqHeaders.BITS) : "NaN");
        }
        assertThat(compared).isGreaterThan(350);
    }

    @Test
    void aRecordJudgedByItselfIsDeliveredAsByTheJob() throws Exception {
        var h = start(1, 0, null);
        Random random = new Random(6);
        List<RawRecord> raw = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            double load = random.nextInt(10) == 0 ? 60 + 80 * random.nextDouble() : i % 40 < 8 ? 101 : wave(i);
            raw.add(Samples.raw(0, i, random.nextInt(30) == 0 ? Samples.bytes("{") : value(i, load)));
            h.processElement(raw.get(i), i);
        }
        List<Delivery> byTheJob = judged(h);
        RecordJudge judge = new RecordJudge(Samples.rules(METERS, directory), LEARNED);
        List<Delivery> byItself = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            if (i % 7 == 3) {
                RecordJudge.Judged judged = judge.judge(raw.get(i));
                assertThat(judged.reason() == null).isEqualTo(judged.delivery().header(DqHeaders.REASON) == null);
                byItself.add(judged.delivery());
            } else {
                judge.remember(raw.get(i));
            }
        }
        assertEqual(byItself, byTheJob.stream().filter(d -> offset(d) % 7 == 3).toList());
    }

    @Test
    void restoringEqualsGoingOn() throws Exception {
        var h = start(1, 0, null);
        send(h, 0, 6_000, 6_050);
        send(h, 1, 7_000, 7_050);
        OperatorSubtaskState state = h.snapshot(1, 1);
        int before = judged(h).size();
        send(h, 0, 6_050, 6_100);
        send(h, 1, 7_050, 7_100);

        var again = start(1, 0, state);
        send(again, 0, 6_050, 6_100);
        send(again, 1, 7_050, 7_100);

        List<Delivery> wentOn =
                judged(h).stream().filter(d -> offset(d) % 1_000 >= 50).toList();
        assertThat(judged(again)).hasSize(100);
        assertThat(before).isEqualTo(100);
        assertEqual(judged(again), wentOn);
    }

    @Test
    void anotherParallelismChangesNothing() throws Exception {
        var one = start(1, 0, null);
        send(one, 0, 6_000, 6_050);
        send(one, 1, 7_000, 7_050);
        OperatorSubtaskState state = one.snapshot(1, 1);
        send(one, 0, 6_050, 6_150);
        send(one, 1, 7_050, 7_150);

        // Partitions need not go where their number says; and partition 0 has no record for a while.
        var first = start(2, 0, repartitioned(1, 2, 0, state));
        var second = start(2, 1, repartitioned(1, 2, 1, state));
        send(first, 1, 7_050, 7_100);
        OperatorSubtaskState a = first.snapshot(2, 2);
        OperatorSubtaskState b = second.snapshot(2, 2);
        var third = start(2, 0, repartitioned(2, 2, 0, a, b));
        var fourth = start(2, 1, repartitioned(2, 2, 1, a, b));
        send(third, 0, 6_050, 6_100);
        send(fourth, 1, 7_100, 7_150);
        var merged = start(1, 0, repartitioned(2, 1, 0, third.snapshot(3, 3), fourth.snapshot(3, 3)));
        send(merged, 0, 6_100, 6_150);

        List<Delivery> apart = new ArrayList<>();
        for (var h : List.of(first, third, fourth, merged)) {
            apart.addAll(judged(h));
        }
        apart.sort(Comparator.comparingLong(SequencesTest::offset));
        assertEqual(
                apart, judged(one).stream().filter(d -> offset(d) % 1_000 >= 50).toList());
    }

    private static void assertEqual(List<Delivery> some, List<Delivery> others) {
        assertThat(some).hasSameSizeAs(others);
        for (int i = 0; i < some.size(); i++) {
            assertThat(some.get(i).headerNames()).isEqualTo(others.get(i).headerNames());
            assertThat(some.get(i).headerValues()).isDeepEqualTo(others.get(i).headerValues());
        }
    }

    @Test
    void aStreamWithoutContextHasNoSuchStateAndNoSuchHeader() throws Exception {
        channel.append(ProfileMaker.first(
                Samples.GRID, LongStream.range(0, 256).mapToObj(Samples::value).toList()));
        var h = new OneInputStreamOperatorTestHarness<RawRecord, Delivery>(
                new JudgeOperatorFactory(Samples.rules(Samples.GRID, directory), channel, new InMemoryGoAheads("none")),
                1,
                1,
                0);
        open.add(h);
        h.setup(Types.POJO(Delivery.class)
                .createSerializer(h.getExecutionConfig().getSerializerConfig()));
        h.initializeEmptyState();
        h.open();
        for (int i = 0; i < 20; i++) {
            h.processElement(Samples.raw(i, Samples.value(i % 3)), i);
        }
        assertThat(judged(h))
                .hasSize(20)
                .allSatisfy(d -> assertThat(d.headerNames()).doesNotContain(DqHeaders.CONTEXT));
        assertThat(h.snapshot(1, 1).getManagedOperatorState().stream()
                        .map(OperatorStateHandle::getStateNameToPartitionOffsets))
                .isNotEmpty()
                .allSatisfy(names -> assertThat(names).doesNotContainKey("sequences"));
    }
}
