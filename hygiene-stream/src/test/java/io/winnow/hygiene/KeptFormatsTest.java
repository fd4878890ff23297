package io.winnow.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Breaker;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.contract.Hygiene;
import io.winnow.core.contract.OnRegimeChange;
import io.winnow.core.hygiene.BreakerCounts;
import io.winnow.core.hygiene.Judge;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.ProfileMaker;
import io.winnow.core.hygiene.Summary;
import io.winnow.core.sequence.SequenceMemory;
import io.winnow.core.topic.DqHeaders;
import io.winnow.hygiene.breaker.InMemoryGoAheads;
import io.winnow.hygiene.judge.JudgeOperatorFactory;
import io.winnow.hygiene.learn.MergeOperatorFactory;
import io.winnow.hygiene.profile.InMemoryProfileChannel;
import io.winnow.hygiene.record.Delivery;
import io.winnow.hygiene.record.Learned;
import io.winnow.hygiene.record.RawRecord;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.LongStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * What an earlier version wrote, this one reads: profiles, summaries, and the states of both operators. The files are in
 * {@code formats/N}; a change of a format adds a directory, written with {@code -Dwinnow.formats=DIRECTORY}, and leaves
 * the others. Since 2 a judge's state holds its breaker.
 */
class KeptFormatsTest {
    static final List<String> ALL = List.of("formats/1", "formats/2");
    static final List<String> WITH_BREAKER = List.of("formats/2");
    private static final String CONTRACT = """
            stream: kept
            key: meter
            context: {per: key}
            features:
              - {name: load, type: number}
              - {name: on, type: boolean}
              - {name: region, type: category}
            """;
    private static final Contract METERS = ContractReader.parse(CONTRACT, "kept.yaml");
    private static final Contract STOPPING =
            METERS.with(new Hygiene(10, OnRegimeChange.ADAPT, new Breaker(0.9, Breaker.Action.STOP)));
    private static final int JUDGED = 40;
    private static final int HELD = 5;
    private static final byte[] GARBAGE = Samples.bytes("not json");
    /** Garbage until the breaker decides; it is as many as it decides by. */
    private static final int STOPPED = BreakerCounts.STEP;

    @TempDir
    Path directory;

    private InMemoryProfileChannel channel = new InMemoryProfileChannel("");
    private InMemoryGoAheads words = new InMemoryGoAheads("");

    @BeforeEach
    void newChannel(TestInfo test) {
        newChannelNamed(test.getDisplayName());
    }

    private void newChannelNamed(String name) {
        channel = new InMemoryProfileChannel(name + System.nanoTime());
        words = new InMemoryGoAheads(name + System.nanoTime());
    }

    private static byte[] value(long i) {
        return Samples.bytes(String.format(
                Locale.ROOT,
                "{\"meter\":\"m-%d\",\"load\":%.3f,\"on\":%b,\"region\":\"north\"}",
                i % 4,
                100 + 20 * Math.sin(i / 12.0) + i * 7919 % 13 / 10.0,
                i / 4 % 20 < 10));
    }

    private static Profile learned() {
        Profile profile = ProfileMaker.first(
                METERS,
                LongStream.range(0, 256).mapToObj(KeptFormatsTest::value).toList());
        Summary accepted = new Summary(profile);
        Judge judge = new Judge(METERS, profile);
        SequenceMemory memory = new SequenceMemory(METERS);
        LongStream.range(0, 500).forEach(i -> judge.judge(value(i), accepted, memory, 0, i));
        return ProfileMaker.next(METERS, profile, accepted);
    }

    private static Summary accepted(Profile profile) {
        Summary accepted = new Summary(profile);
        Judge judge = new Judge(METERS, profile);
        SequenceMemory memory = new SequenceMemory(METERS);
        LongStream.range(500, 600).forEach(i -> judge.judge(value(i), accepted, memory, 0, i));
        return accepted;
    }

    private OneInputStreamOperatorTestHarness<RawRecord, Delivery> judge(@Nullable OperatorSubtaskState state)
            throws Exception {
        return judge(METERS, state);
    }

    private OneInputStreamOperatorTestHarness<RawRecord, Delivery> judge(
            Contract contract, @Nullable OperatorSubtaskState state) throws Exception {
        var harness = new OneInputStreamOperatorTestHarness<RawRecord, Delivery>(
                new JudgeOperatorFactory(Samples.rules(contract, directory), channel, words), 4, 1, 0);
        harness.setup(Types.POJO(Delivery.class)
                .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        open(harness, state);
        return harness;
    }

    private OneInputStreamOperatorTestHarness<Learned, String> merge(@Nullable OperatorSubtaskState state)
            throws Exception {
        var harness = new OneInputStreamOperatorTestHarness<Learned, String>(
                new MergeOperatorFactory(ContractText.of(METERS), channel, 1, Samples.ALONE), 4, 1, 0);
        harness.setup(Types.STRING.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        harness.setProcessingTime(1_000_000);
        open(harness, state);
        return harness;
    }

    private static void open(OneInputStreamOperatorTestHarness<?, ?> harness, @Nullable OperatorSubtaskState state)
            throws Exception {
        if (state == null) {
            harness.initializeEmptyState();
        } else {
            harness.initializeState(state);
        }
        harness.open();
        mails(harness);
    }

    private static void mails(OneInputStreamOperatorTestHarness<?, ?> harness) throws Exception {
        for (var mail = harness.getTaskMailbox().tryTake(0); mail.isPresent(); ) {
            mail.get().run();
            mail = harness.getTaskMailbox().tryTake(0);
        }
    }

    private static void send(OneInputStreamOperatorTestHarness<RawRecord, Delivery> h, int from, int to)
            throws Exception {
        for (int i = from; i < to; i++) {
            h.processElement(Samples.raw(i, value(i)), i);
        }
    }

    private static Path kept(String version, String file) throws Exception {
        URL url =
                Objects.requireNonNull(KeptFormatsTest.class.getClassLoader().getResource(version + "/" + file), file);
        return Path.of(url.toURI());
    }

    private static Properties expected(String version) throws Exception {
        Properties expected = new Properties();
        try (var reader = Files.newBufferedReader(kept(version, "expected.properties"))) {
            expected.load(reader);
        }
        return expected;
    }

    private static String text(Delivery delivery, String header) {
        byte[] value = delivery.header(header);
        return value == null ? "" : DqHeaders.text(value);
    }

    /** Writes what the tests below read. */
    @Test
    @EnabledIfSystemProperty(named = "winnow.formats", matches = ".+")
    void write() throws Exception {
        Path to = Files.createDirectories(Path.of(System.getProperty("winnow.formats")));
        Profile profile = learned();
        Files.write(to.resolve("profile"), profile.encode());
        Files.write(to.resolve("summary"), accepted(profile).encode());
        channel.append(profile);
        List<String> bits = new ArrayList<>();
        try (var h = judge(null)) {
            send(h, 0, JUDGED);
            OperatorSnapshotUtil.writeStateHandle(
                    h.snapshot(1, 1), to.resolve("judge").toString());
            h.getOutput().clear();
            send(h, JUDGED, JUDGED + 4);
            h.extractOutputValues().forEach(d -> bits.add(text(d, DqHeaders.BITS)));
        }
        try (var h = merge(null)) {
            h.processElement(Learned.summary(0, accepted(profile).encode()), 0);
            OperatorSnapshotUtil.writeStateHandle(
                    h.snapshot(1, 1), to.resolve("merge").toString());
        }
        try (var h = judge(STOPPING, null)) {
            for (int i = 0; i < STOPPED; i++) {
                h.processElement(Samples.raw(i, GARBAGE), i);
            }
            OperatorSnapshotUtil.writeStateHandle(
                    h.snapshot(1, 1), to.resolve("stopped").toString());
        }
        newChannelNamed("held");
        try (var h = judge(null)) {
            send(h, 0, HELD);
            OperatorSnapshotUtil.writeStateHandle(
                    h.snapshot(1, 1), to.resolve("held").toString());
        }
        Files.writeString(
                to.resolve("expected.properties"),
                "profile=" + profile.hash() + "\nbits=" + String.join(" ", bits) + "\n");
    }

    private Profile keptProfile(String version) throws Exception {
        Profile profile = Profile.decode(Files.readAllBytes(kept(version, "profile")));
        channel.append(profile);
        return profile;
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void a_profile_is_read_to_the_last_bit(String version) throws Exception {
        Profile profile = keptProfile(version);
        assertThat(profile.hash()).isEqualTo(expected(version).getProperty("profile"));
        assertThat(profile.encode()).isEqualTo(Files.readAllBytes(kept(version, "profile")));
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void a_summary_is_read_and_makes_the_next_profile(String version) throws Exception {
        Profile profile = keptProfile(version);
        Summary summary = Summary.decode(Files.readAllBytes(kept(version, "summary")));
        assertThat(summary.rows()).isPositive();
        assertThat(ProfileMaker.next(METERS, profile, summary).rows()).isEqualTo(profile.rows() + summary.rows());
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void a_judge_goes_on_under_its_profile_and_knows_its_keys(String version) throws Exception {
        Profile profile = keptProfile(version);
        try (var h = judge(
                OperatorSnapshotUtil.readStateHandle(kept(version, "judge").toString()))) {
            send(h, JUDGED, JUDGED + 4);
            List<Delivery> judged = h.extractOutputValues();
            assertThat(judged)
                    .hasSize(4)
                    .allSatisfy(d -> assertThat(text(d, DqHeaders.PROFILE)).isEqualTo(profile.hash()));
            // Each is compared with its key's last row, which lies before the checkpoint.
            assertThat(judged.stream().map(d -> text(d, DqHeaders.BITS)))
                    .containsExactly(expected(version).getProperty("bits").split(" "));
        }
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void rows_that_waited_for_a_first_profile_are_judged(String version) throws Exception {
        try (var h =
                judge(OperatorSnapshotUtil.readStateHandle(kept(version, "held").toString()))) {
            keptProfile(version);
            for (int i = 0; i < 100 && h.extractOutputValues().size() < HELD; i++) {
                mails(h);
                Thread.yield();
            }
            assertThat(h.extractOutputValues())
                    .extracting(d -> text(d, DqHeaders.ID))
                    .containsExactly("grid.raw/0/0", "grid.raw/0/1", "grid.raw/0/2", "grid.raw/0/3", "grid.raw/0/4");
        }
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void a_merger_learns_on(String version) throws Exception {
        Profile profile = keptProfile(version);
        Summary summary = Summary.decode(Files.readAllBytes(kept(version, "summary")));
        try (var h = merge(
                OperatorSnapshotUtil.readStateHandle(kept(version, "merge").toString()))) {
            h.endInput();
            List<Profile> made = channel.all();
            assertThat(made.get(made.size() - 1).rows()).isEqualTo(profile.rows() + summary.rows());
        }
    }

    @ParameterizedTest
    @FieldSource("WITH_BREAKER")
    void a_judge_that_had_stopped_waits_for_an_operator(String version) throws Exception {
        keptProfile(version);
        try (var h = judge(
                STOPPING,
                OperatorSnapshotUtil.readStateHandle(kept(version, "stopped").toString()))) {
            send(h, STOPPED, STOPPED + 4);
            assertThat(h.extractOutputValues()).isEmpty();

            words.say();
            mails(h);

            assertThat(h.extractOutputValues()).hasSize(4);
        }
    }
}
