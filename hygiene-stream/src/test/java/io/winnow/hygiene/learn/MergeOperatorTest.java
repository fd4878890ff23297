package io.winnow.hygiene.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.hygiene.Judge;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.ProfileMaker;
import io.winnow.core.hygiene.Regime;
import io.winnow.core.hygiene.Summary;
import io.winnow.core.review.Decision;
import io.winnow.hygiene.ContractText;
import io.winnow.hygiene.Samples;
import io.winnow.hygiene.profile.InMemoryProfileChannel;
import io.winnow.hygiene.record.Learned;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class MergeOperatorTest {
    private InMemoryProfileChannel channel = new InMemoryProfileChannel("");
    private @Nullable OneInputStreamOperatorTestHarness<Learned, String> open;

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

    private OneInputStreamOperatorTestHarness<Learned, String> start(@Nullable OperatorSubtaskState state)
            throws Exception {
        close();
        OneInputStreamOperatorTestHarness<Learned, String> harness = new OneInputStreamOperatorTestHarness<>(
                new MergeOperatorFactory(ContractText.of(Samples.GRID), channel, 2, Samples.ALONE), 1, 1, 0);
        harness.setup(Types.STRING.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        harness.setProcessingTime(1_000_000);
        if (state == null) {
            harness.initializeEmptyState();
        } else {
            harness.initializeState(state);
        }
        harness.open();
        open = harness;
        return harness;
    }

    private static void send(OneInputStreamOperatorTestHarness<Learned, String> h, Learned learned) throws Exception {
        h.processElement(learned, 0);
    }

    private static Learned accepted(int from, Profile profile, long firstRow, long lastRow) {
        Summary summary = new Summary(profile);
        Judge judge = new Judge(Samples.GRID, profile);
        LongStream.range(firstRow, lastRow).forEach(i -> judge.judge(Samples.value(i), summary));
        return Learned.summary(from, summary.encode());
    }

    private Profile first() {
        Profile first = ProfileMaker.first(
                Samples.GRID, LongStream.range(0, 256).mapToObj(Samples::value).toList());
        channel.append(first);
        return first;
    }

    @Test
    void rows_of_all_subtasks_together_make_the_first_profile() throws Exception {
        var h = start(null);
        for (int i = 0; i < ProfileMaker.COLD_START_ROWS - 1; i++) {
            send(h, Learned.sample(i % 2, Samples.value(i)));
        }
        assertThat(channel.all()).isEmpty();
        send(h, Learned.sample(0, Samples.value(255)));
        assertThat(channel.all()).hasSize(1);
        assertThat(h.extractOutputValues()).containsExactly(channel.all().get(0).hash());
        send(h, Learned.sample(1, Samples.value(256)));
        h.setProcessingTime(1_060_000);
        assertThat(channel.all()).as("a sample that comes late changes nothing").hasSize(1);
    }

    @Test
    void two_seconds_after_the_first_row_what_is_there_must_do() throws Exception {
        var h = start(null);
        h.setProcessingTime(1_005_000);
        send(h, Learned.sample(0, null));
        h.setProcessingTime(1_006_999);
        assertThat(channel.all()).isEmpty();
        h.setProcessingTime(1_007_000);
        assertThat(channel.all()).hasSize(1);
    }

    @Test
    void three_rows_and_the_end_of_all_input_make_the_first_profile() throws Exception {
        var h = start(null);
        send(h, Learned.ended(1));
        for (int i = 0; i < 3; i++) {
            send(h, Learned.sample(0, Samples.value(i)));
        }
        assertThat(channel.all()).isEmpty();
        send(h, Learned.ended(0));
        assertThat(channel.all()).hasSize(1);
    }

    @Test
    void no_rows_need_no_profile() throws Exception {
        var h = start(null);
        send(h, Learned.ended(0));
        send(h, Learned.ended(1));
        h.endInput();
        assertThat(channel.all()).isEmpty();
    }

    @Test
    void summaries_of_any_grouping_make_the_same_next_profile() throws Exception {
        Profile first = first();
        var h = start(null);
        send(h, accepted(0, first, 300, 340));
        send(h, accepted(1, first, 340, 400));
        h.setProcessingTime(1_000_000 + Pace.millisAfter(0));
        String apart = channel.all().get(1).hash();
        assertThat(channel.all().get(1).rows()).isGreaterThan(first.rows());

        channel = new InMemoryProfileChannel("together" + System.nanoTime());
        first();
        h = start(null);
        send(h, accepted(1, first, 300, 400));
        h.endInput();
        assertThat(channel.all().get(1).hash()).isEqualTo(apart);
    }

    @Test
    void profiles_come_fast_at_first_and_then_once_a_minute() throws Exception {
        Profile first = first();
        var h = start(null);
        long start = 1_000_000;
        for (long t = start; t <= start + 600_000; t += 50) {
            h.setProcessingTime(t);
            send(h, accepted(0, first, 300, 301));
        }
        int inTenMinutes = channel.size();
        assertThat(inTenMinutes)
                .as("some two minutes of four a second, then ever fewer")
                .isBetween(500, 600);
        for (long t = start + 600_050; t <= start + 1_200_000; t += 1_000) {
            h.setProcessingTime(t);
            send(h, accepted(0, first, 300, 301));
        }
        assertThat(channel.size() - inTenMinutes).isBetween(9, 10);
    }

    private static Learned blown(Profile profile, long firstRow, long lastRow, LongFunction<String> wind) {
        Summary summary = new Summary(profile);
        Judge judge = new Judge(Samples.GRID, profile);
        LongStream.range(firstRow, lastRow)
                .forEach(i -> judge.judge(
                        Samples.bytes(new String(Samples.value(i), StandardCharsets.UTF_8)
                                .replaceFirst("\"wind\":[0-9.]+", "\"wind\":" + wind.apply(i))),
                        summary));
        return Learned.summary(0, summary.encode());
    }

    /** Long known, so that its profiles come once a minute: but a field that never varied does, and that cannot wait. */
    @Test
    void a_field_that_begins_to_vary_hurries_the_next_profiles() throws Exception {
        channel.append(ProfileMaker.first(
                Samples.GRID,
                LongStream.range(0, 256)
                        .mapToObj(i ->
                                Samples.bytes("{\"demand\":" + (500 + i % 40) + ",\"wind\":7,\"region\":\"north\"}"))
                        .toList()));
        var h = start(null);
        LongFunction<String> varied = i -> "1" + i % 97;
        long t = 1_000_000;
        for (int n = 0; n < 700; n++) {
            t += 60_000;
            h.setProcessingTime(t);
            Profile newest = channel.newest();
            send(h, blown(newest, 300L + n * 10, 310L + n * 10, i -> "7"));
        }
        int known = channel.size();
        Profile last = channel.newest();
        h.setProcessingTime(t + 1_000);
        send(h, blown(last, 10_000, 10_100, varied));
        assertThat(channel.size()).as("a hundred rows are no change").isEqualTo(known);
        send(h, blown(last, 10_100, 10_200, varied));
        assertThat(channel.size()).isEqualTo(known + 1);
        Profile changing = channel.newest();
        assertThat(changing.regime()).isEqualTo(Regime.CHANGING);
        send(h, blown(changing, 10_200, 10_300, varied));
        h.setProcessingTime(t + 1_100);
        assertThat(channel.size()).as("nor does it wait while it adapts").isEqualTo(known + 2);
    }

    @Test
    void restoring_equals_going_on() throws Exception {
        Profile first = first();
        var h = start(null);
        send(h, accepted(0, first, 300, 400));
        OperatorSubtaskState state = h.snapshot(1, 1);
        send(h, accepted(0, first, 400, 450));
        h.endInput();
        Profile wentOn = channel.newest();

        h = start(state);
        assertThat(channel.newest().hash())
                .as("the restored profile is the newest again")
                .isEqualTo(first.hash());
        send(h, accepted(0, first, 400, 450));
        h.endInput();
        assertThat(channel.newest().hash()).isEqualTo(wentOn.hash());
    }

    @Test
    void a_decision_is_learned_once() throws Exception {
        Profile first = first();
        var h = start(null);
        send(h, Learned.decided("grid.raw/0/9", Decision.Action.RELEASE, Samples.value(9)));
        send(h, Learned.decided("grid.raw/0/9", Decision.Action.RELEASE, Samples.value(9)));
        send(h, Learned.decided("grid.raw/0/10", Decision.Action.DISCARD, Samples.value(10)));
        send(h, Learned.decided("grid.raw/0/10", Decision.Action.RELEASE, Samples.value(10)));
        send(h, Learned.decided("grid.raw/0/11", Decision.Action.DISCARD, null));
        OperatorSubtaskState state = h.snapshot(1, 1);
        h = start(state);
        send(h, Learned.decided("grid.raw/0/9", Decision.Action.DISCARD, Samples.value(9)));
        h.endInput();

        Summary once = new Summary(first);
        Judge judge = new Judge(Samples.GRID, first);
        judge.learnDecided(Decision.Action.DISCARD, Samples.value(10), once);
        judge.learnDecided(Decision.Action.RELEASE, Samples.value(9), once);
        assertThat(channel.newest().hash())
                .isEqualTo(ProfileMaker.next(Samples.GRID, first, once).hash());
    }

    @Test
    void discards_alone_make_a_profile_that_knows_them() throws Exception {
        Profile first = first();
        var h = start(null);
        byte[] odd = Samples.bytes("{\"demand\":500,\"wind\":1e6}");
        send(h, Learned.decided("grid.raw/0/9", Decision.Action.DISCARD, odd));
        h.endInput();
        Profile last = channel.newest();
        assertThat(last.hash()).isNotEqualTo(first.hash());
        assertThat(last.decisions()).isEqualTo(1);
        assertThat(last.rows()).as("its values are not learned").isEqualTo(first.rows());
    }

    /** Leaves a checkpoint whose profile and summary are bytes of some other version. */
    private static final class OtherVersion extends AbstractStreamOperator<String>
            implements OneInputStreamOperator<Learned, String> {
        private final byte[] profile;

        OtherVersion(byte[] profile) {
            this.profile = profile;
        }

        @Override
        public void processElement(StreamRecord<Learned> element) {}

        @Override
        public void snapshotState(StateSnapshotContext context) throws Exception {
            super.snapshotState(context);
            getOperatorStateBackend()
                    .getListState(new ListStateDescriptor<>("merger", Types.POJO(MergerState.class)))
                    .update(List.of(new MergerState(profile, profile, 7, new String[] {"grid.raw/0/9"})));
        }

        static OperatorSubtaskState checkpoint(byte[] profile) throws Exception {
            try (var h = new OneInputStreamOperatorTestHarness<>(new OtherVersion(profile), 1, 1, 0)) {
                h.open();
                return h.snapshot(1, 1);
            }
        }
    }

    private static byte[] ofAnotherFormat(Profile profile) {
        byte[] bytes = profile.encode();
        int version = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("winnow-profile-") + 15;
        bytes[version] = '0';
        return bytes;
    }

    @Test
    void a_checkpoint_of_another_version_is_left_behind_for_the_newest_profile() throws Exception {
        Profile first = first();
        var h = start(OtherVersion.checkpoint(ofAnotherFormat(first)));
        assertThat(channel.all()).hasSize(1);
        send(h, accepted(0, first, 300, 400));
        h.endInput();

        Summary more = Summary.decode(accepted(0, first, 300, 400).bytes());
        assertThat(channel.all().get(1).hash())
                .isEqualTo(ProfileMaker.next(Samples.GRID, first, more).hash());
    }

    @Test
    void with_no_profile_to_go_on_from_the_stream_is_learned_anew() throws Exception {
        Profile other = ProfileMaker.first(Samples.GRID, List.of(Samples.value(1)));
        byte[] cut = Arrays.copyOf(other.encode(), other.encode().length / 2);
        for (byte[] unreadable : List.of(ofAnotherFormat(other), cut, new byte[] {1, 2, 3})) {
            channel = new InMemoryProfileChannel("anew" + System.nanoTime());
            var h = start(OtherVersion.checkpoint(unreadable));
            assertThat(channel.all()).isEmpty();
            for (int i = 0; i < ProfileMaker.COLD_START_ROWS; i++) {
                send(h, Learned.sample(i % 2, Samples.value(i)));
            }
            assertThat(channel.all()).hasSize(1);
            OperatorSubtaskState state = h.snapshot(2, 2);
            start(state);
            assertThat(channel.all()).as("and the next checkpoint can be read").hasSize(1);
        }
    }

    @Test
    void state_of_another_contract_is_left_behind() throws Exception {
        first();
        OperatorSubtaskState state = start(null).snapshot(1, 1);
        close();
        open = null;
        var other = io.winnow.core.contract.ContractReader.parse(
                "stream: grid\nfeatures: [{name: demand, type: number}]\n", "other.yaml");
        try (var h = new OneInputStreamOperatorTestHarness<>(
                new MergeOperatorFactory(ContractText.of(other), channel, 1, Samples.ALONE), 1, 1, 0)) {
            h.setup(Types.STRING.createSerializer(h.getExecutionConfig().getSerializerConfig()));
            h.initializeState(state);
            h.open();
            h.processElement(Learned.sample(0, Samples.value(1)), 0);
            h.processElement(Learned.ended(0), 0);
        }
        assertThat(channel.all().get(1).contractHash()).isEqualTo(other.hash());
        assertThat(channel.all()).hasSize(2);
    }
}
