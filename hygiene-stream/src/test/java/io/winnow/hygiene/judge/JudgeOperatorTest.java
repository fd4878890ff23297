package io.winnow.hygiene.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.hygiene.Judge;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.ProfileMaker;
import io.winnow.core.hygiene.Summary;
import io.winnow.core.topic.DqHeaders;
import io.winnow.hygiene.Samples;
import io.winnow.hygiene.breaker.InMemoryGoAheads;
import io.winnow.hygiene.profile.InMemoryProfileChannel;
import io.winnow.hygiene.record.Delivery;
import io.winnow.hygiene.record.Learned;
import io.winnow.hygiene.record.RawRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class JudgeOperatorTest {
    private static final Profile FIRST = ProfileMaker.first(
            Samples.GRID, LongStream.range(0, 256).mapToObj(Samples::value).toList());

    @TempDir
    Path directory;

    private InMemoryProfileChannel channel = new InMemoryProfileChannel("");
    private @Nullable OneInputStreamOperatorTestHarness<RawRecord, Delivery> open;

    @BeforeEach
    void newChannel(TestInfo test) {
        channel = new InMemoryProfileChannel(test.getDisplayName() + System.nanoTime());
    }

    @AfterEach
    void close() throws Exception {
        if (open != null) {
            open.close();
        }
    }

    private OneInputStreamOperatorTestHarness<RawRecord, Delivery> start(
            Contract contract, JudgeRules rules, @Nullable OperatorSubtaskState state) throws Exception {
        close();
        OneInputStreamOperatorTestHarness<RawRecord, Delivery> harness = new OneInputStreamOperatorTestHarness<>(
                new JudgeOperatorFactory(rules, channel, new InMemoryGoAheads("none")), 2, 2, 0);
        harness.setup(Types.POJO(Delivery.class)
                .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        if (state == null) {
            harness.initializeEmptyState();
        } else {
            harness.initializeState(state);
        }
        harness.open();
        open = harness;
        runMails(harness);
        return harness;
    }

    private OneInputStreamOperatorTestHarness<RawRecord, Delivery> start(@Nullable OperatorSubtaskState state)
            throws Exception {
        return start(Samples.GRID, Samples.rules(Samples.GRID, directory), state);
    }

    private static void runMails(OneInputStreamOperatorTestHarness<?, ?> harness) throws Exception {
        for (var mail = harness.getTaskMailbox().tryTake(0); mail.isPresent(); ) {
            Mail m = mail.get();
            m.run();
            mail = harness.getTaskMailbox().tryTake(0);
        }
    }

    private void publish(Profile profile) {
        channel.append(profile);
    }

    private static void send(OneInputStreamOperatorTestHarness<RawRecord, Delivery> h, long from, long to)
            throws Exception {
        for (long i = from; i < to; i++) {
            h.processElement(Samples.raw(i, Samples.value(i)), i);
        }
    }

    private static List<Delivery> quarantined(OneInputStreamOperatorTestHarness<RawRecord, Delivery> h) {
        var side = h.getSideOutput(JudgeOperator.QUARANTINE);
        return side == null
                ? List.of()
                : side.stream().map(StreamRecord::getValue).toList();
    }

    private static List<Learned> learned(OneInputStreamOperatorTestHarness<RawRecord, Delivery> h, Learned.Kind kind) {
        var side = h.getSideOutput(JudgeOperator.LEARNED);
        return side == null
                ? List.of()
                : side.stream()
                        .map(StreamRecord::getValue)
                        .filter(l -> l.kind() == kind)
                        .toList();
    }

    private static long learnedRows(OneInputStreamOperatorTestHarness<RawRecord, Delivery> h) {
        return learned(h, Learned.Kind.SUMMARY).stream()
                .mapToLong(l -> Summary.decode(l.bytes()).rows())
                .sum();
    }

    private static List<String> ids(List<Delivery> deliveries) {
        return deliveries.stream().map(d -> text(d, DqHeaders.ID)).toList();
    }

    private static String text(Delivery d, String header) {
        byte[] value = d.header(header);
        return value == null ? "" : DqHeaders.text(value);
    }

    private static List<Delivery> judged(OneInputStreamOperatorTestHarness<RawRecord, Delivery> h) {
        List<Delivery> all = new ArrayList<>(h.extractOutputValues());
        all.addAll(quarantined(h));
        return all;
    }

    /** History that is sent at full speed must not all be judged by its first profile. */
    @Test
    void aYoungProfileJudgesItsShareAndThenTheInputWaitsForTheNext() throws Exception {
        publish(FIRST);
        var h = start(null);
        int share = ProfileMaker.rowsPerProfile(Samples.GRID, FIRST) / 2;
        send(h, 1_000, 1_000 + share);
        Summary accepted = new Summary(FIRST);
        Judge judge = new Judge(Samples.GRID, FIRST);
        for (int i = 1_000; i < 1_000 + share; i++) {
            judge.judge(Samples.value(i), accepted);
        }
        Profile second = ProfileMaker.next(Samples.GRID, FIRST, accepted);
        CompletableFuture<Void> merger = CompletableFuture.runAsync(() -> publish(second));

        send(h, 1_000 + share, 1_001 + share);

        merger.join();
        assertThat(learnedRows(h)).as("told the merger before it waited").isGreaterThanOrEqualTo(accepted.rows());
        List<Delivery> all = judged(h);
        assertThat(all.stream().filter(d -> text(d, DqHeaders.PROFILE).equals(FIRST.hash())))
                .hasSize(share);
        assertThat(all.stream().filter(d -> text(d, DqHeaders.PROFILE).equals(second.hash())))
                .hasSize(1);
    }

    @Test
    void aStreamThatNobodyMakesProfilesForGoesOn() throws Exception {
        publish(FIRST);
        var h = start(null);

        send(h, 1_000, 2_000);

        assertThat(judged(h)).hasSize(1_000);
    }

    @Test
    void holds_rows_unjudged_until_there_is_a_profile_then_judges_them_in_order() throws Exception {
        var h = start(null);
        send(h, 0, 300);
        assertThat(judged(h)).isEmpty();
        assertThat(learned(h, Learned.Kind.SAMPLE)).hasSize(ProfileMaker.COLD_START_ROWS);

        publish(FIRST);
        runMails(h);
        send(h, 300, 310);

        assertThat(judged(h)).hasSize(310);
        List<String> clean = ids(h.extractOutputValues());
        assertThat(clean)
                .isEqualTo(clean.stream()
                        .sorted((a, b) -> Long.compare(offset(a), offset(b)))
                        .toList());
        assertThat(judged(h))
                .allSatisfy(d -> assertThat(text(d, DqHeaders.PROFILE)).isEqualTo(FIRST.hash()));
    }

    private static long offset(String id) {
        return Long.parseLong(id.substring(id.lastIndexOf('/') + 1));
    }

    @Test
    void a_full_hold_takes_no_more_input_but_still_takes_the_profile() throws Exception {
        var h = start(null);
        send(h, 0, HeldRows.MAX_ROWS);
        CompletableFuture<Void> later = CompletableFuture.runAsync(
                () -> publish(FIRST), CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS));
        send(h, HeldRows.MAX_ROWS, HeldRows.MAX_ROWS + 1);
        later.join();
        assertThat(judged(h)).hasSize(HeldRows.MAX_ROWS + 1);
    }

    @Test
    void the_end_of_input_waits_for_the_profile_of_the_rows_held() throws Exception {
        var h = start(null);
        send(h, 0, 3);
        CompletableFuture<Void> later = CompletableFuture.runAsync(
                () -> publish(FIRST), CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS));
        h.endInput();
        later.join();
        assertThat(learned(h, Learned.Kind.ENDED)).hasSize(1);
        assertThat(judged(h)).hasSize(3);
    }

    @Test
    void held_rows_survive_a_restart_and_are_sampled_again() throws Exception {
        var h = start(null);
        send(h, 0, 5);
        OperatorSubtaskState state = h.snapshot(1, 1);

        h = start(state);
        assertThat(learned(h, Learned.Kind.SAMPLE)).hasSize(5);
        publish(FIRST);
        runMails(h);
        assertThat(judged(h)).hasSize(5);
    }

    @Test
    void restoring_equals_going_on() throws Exception {
        publish(FIRST);
        var h = start(null);
        send(h, 0, 100);
        h.prepareSnapshotPreBarrier(1);
        OperatorSubtaskState state = h.snapshot(1, 1);
        assertThat(learnedRows(h))
                .as("nothing learned stays behind the barrier")
                .isEqualTo(h.extractOutputValues().size());
        int before = judged(h).size();
        send(h, 100, 200);
        List<Delivery> wentOn = judged(h).subList(0, judged(h).size());

        // A profile that was made after the checkpoint belongs to a past that did not happen.
        Summary since = new Summary(FIRST);
        new io.winnow.core.hygiene.Judge(Samples.GRID, FIRST).judge(Samples.value(7), since);
        publish(ProfileMaker.next(Samples.GRID, FIRST, since));
        var again = start(state);
        send(again, 100, 200);

        assertThat(judged(again)).hasSize(wentOn.size() - before);
        for (Delivery d : judged(again)) {
            Delivery same = wentOn.stream()
                    .filter(x -> text(x, DqHeaders.ID).equals(text(d, DqHeaders.ID)))
                    .findFirst()
                    .orElseThrow();
            assertThat(d.headerNames()).isEqualTo(same.headerNames());
            assertThat(d.headerValues()).isDeepEqualTo(same.headerValues());
        }
    }

    @Test
    void a_new_profile_takes_over_between_two_records() throws Exception {
        publish(FIRST);
        var h = start(null);
        send(h, 0, 10);
        Profile second = ProfileMaker.first(
                Samples.GRID,
                LongStream.range(500, 700).mapToObj(Samples::value).toList());
        publish(second);
        runMails(h);
        send(h, 10, 20);
        assertThat(judged(h))
                .allSatisfy(d -> assertThat(text(d, DqHeaders.PROFILE))
                        .isEqualTo(offset(text(d, DqHeaders.ID)) < 10 ? FIRST.hash() : second.hash()));
    }

    @Test
    void a_profile_of_another_contract_is_passed_over() throws Exception {
        Contract other = ContractReader.parse("stream: grid\nfeatures: [{name: demand, type: number}]\n", "other.yaml");
        publish(ProfileMaker.first(other, List.of()));
        var h = start(null);
        send(h, 0, 5);
        publish(ProfileMaker.first(other, List.of(Samples.value(1))));
        runMails(h);
        assertThat(judged(h)).isEmpty();
    }

    @Test
    void what_was_accepted_is_sent_after_two_seconds_however_little() throws Exception {
        publish(FIRST);
        var h = start(null);
        send(h, 0, 3);
        assertThat(learnedRows(h)).isZero();
        h.setProcessingTime(h.getProcessingTime() + JudgeOperator.LEARN_MILLIS);
        assertThat(learnedRows(h)).isEqualTo(h.extractOutputValues().size()).isPositive();
    }

    @Test
    void hostile_values_are_quarantined_byte_for_byte() throws Exception {
        publish(FIRST);
        var h = start(null);
        List<byte @Nullable []> hostile = Samples.hostileValues();
        for (int i = 0; i < hostile.size(); i++) {
            h.processElement(Samples.raw(i, hostile.get(i)), i);
        }
        assertThat(h.extractOutputValues()).isEmpty();
        List<Delivery> out = quarantined(h);
        assertThat(out).hasSameSizeAs(hostile);
        for (int i = 0; i < out.size(); i++) {
            assertThat(out.get(i).value()).isEqualTo(hostile.get(i));
            assertThat(text(out.get(i), DqHeaders.REASON)).isIn("MALFORMED", "INVALID");
            assertThat(out.get(i).header(DqHeaders.BITS)).isNull();
        }
        assertThat(learnedRows(h)).isZero();
    }

    @Test
    void headers_are_the_producers_but_for_dq_then_ours() throws Exception {
        publish(FIRST);
        var h = start(null);
        String[] names = {"trace", "dq.id", "dq.decision", "trace", "empty"};
        byte[][] values = {{1}, {2}, {3}, {4}, null};
        RawRecord good = new RawRecord("grid.raw", 1, 7, 42, null, Samples.value(1), names, values);
        RawRecord bad = new RawRecord("grid.raw", 1, 8, 43, new byte[] {9}, Samples.bytes("x"), names, values);
        h.processElement(good, 0);
        h.processElement(bad, 0);

        Delivery clean = h.extractOutputValues().get(0);
        assertThat(clean.headerNames())
                .containsExactly("trace", "trace", "empty", "dq.id", "dq.profile", "dq.bits", "dq.features");
        assertThat(clean.headerValues()[1]).containsExactly(4);
        assertThat(clean.headerValues()[2]).isNull();
        assertThat(text(clean, DqHeaders.ID)).isEqualTo("grid.raw/1/7");
        assertThat(DqHeaders.features(clean.header(DqHeaders.FEATURES))).hasSize(3);
        assertThat(clean.partition()).isEqualTo(1);
        assertThat(clean.timestamp()).isEqualTo(42);
        assertThat(clean.key()).isNull();
        assertThat(clean.value()).isEqualTo(good.value());

        Delivery set = quarantined(h).get(0);
        assertThat(set.headerNames())
                .containsExactly(
                        "trace",
                        "trace",
                        "empty",
                        "dq.id",
                        "dq.profile",
                        "dq.reason",
                        "dq.detail",
                        "dq.threshold",
                        "dq.fields",
                        "dq.attempt");
        assertThat(text(set, DqHeaders.REASON)).isEqualTo("MALFORMED");
        assertThat(text(set, DqHeaders.THRESHOLD)).isEqualTo("10.0");
        assertThat(text(set, DqHeaders.ATTEMPT)).isEqualTo("0");
        assertThat(set.key()).containsExactly(9);
    }

    @Test
    void a_clean_record_too_large_for_clean_goes_whole_to_quarantine_and_is_not_learned() throws Exception {
        publish(FIRST);
        var h = start(Samples.GRID, Samples.rules(Samples.GRID, 20_000, 60_000, directory), null);
        String good = new String(Samples.value(1), java.nio.charset.StandardCharsets.UTF_8);
        byte[] large = Samples.bytes(good.replace("}", ",\"note\":\"" + "y".repeat(30_000) + "\"}"));
        h.processElement(Samples.raw(1, large), 1);
        h.endInput();

        assertThat(h.extractOutputValues()).isEmpty();
        assertThat(text(quarantined(h).get(0), DqHeaders.REASON)).isEqualTo("TOO_LARGE");
        assertThat(quarantined(h).get(0).value()).isEqualTo(large);
        assertThat(learnedRows(h)).isZero();
    }

    @Test
    void a_record_too_large_for_any_topic_is_kept_in_a_side_file() throws Exception {
        publish(FIRST);
        var h = start(Samples.GRID, Samples.rules(Samples.GRID, 20_000, 20_000, directory), null);
        byte[] large = new byte[70_000];
        Arrays.fill(large, (byte) 'z');
        byte[][] headers = {new byte[30_000]};
        h.processElement(new RawRecord("grid.raw", 0, 1, 5, large, large, new String[] {"h"}, headers), 1);
        h.processElement(new RawRecord("grid.raw", 0, 2, 5, new byte[] {1}, large, new String[] {"h"}, headers), 2);
        h.processElement(Samples.raw(3, large), 3);

        List<Delivery> out = quarantined(h);
        assertThat(out).hasSize(3).allSatisfy(d -> {
            assertThat(RecordSize.of(d)).isLessThanOrEqualTo(20_000);
            assertThat(text(d, DqHeaders.REASON)).isEqualTo("TOO_LARGE");
            assertThat(text(d, DqHeaders.DETAIL)).contains("grid.raw-0-");
        });
        assertThat(out.get(0).key()).isNull();
        assertThat(out.get(1).key()).containsExactly(1);
        assertThat(out.get(2).key()).isEqualTo(Samples.bytes("k3"));
        for (int i = 1; i <= 3; i++) {
            assertThat(Files.readAllBytes(directory.resolve("grid.raw-0-" + i + ".value")))
                    .isEqualTo(large);
        }
        try (var files = Files.list(directory)) {
            assertThat(files.count())
                    .as("a value and a description for each, no leftovers")
                    .isEqualTo(6);
        }
    }

    @Test
    void young_profiles_learn_in_small_batches() throws Exception {
        publish(FIRST);
        var h = start(null);
        send(h, 0, 1_000);
        assertThat(learned(h, Learned.Kind.SUMMARY)).hasSizeGreaterThan(5);
    }
}
