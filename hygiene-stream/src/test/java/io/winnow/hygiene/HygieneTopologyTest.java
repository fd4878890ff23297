package io.winnow.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.hygiene.Profile;
import io.winnow.core.review.Decision;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import io.winnow.hygiene.breaker.InMemoryGoAheads;
import io.winnow.hygiene.learn.RawLookup;
import io.winnow.hygiene.profile.InMemoryProfileChannel;
import io.winnow.hygiene.record.Delivery;
import io.winnow.hygiene.record.RawRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole job on collections, at parallelism 2, with the settings of production and checkpoints 60 s apart. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HygieneTopologyTest {
    private static final MiniCluster CLUSTER = new MiniCluster(new MiniClusterConfiguration.Builder()
            .setNumTaskManagers(1)
            .setNumSlotsPerTaskManager(2)
            .withRandomPorts()
            .build());

    /** Passed over, like anything on that topic that is no decision. */
    private static final byte[] NO_DECISION = {'x'};

    @TempDir
    Path directory;

    @BeforeAll
    static void start() throws Exception {
        CLUSTER.start();
    }

    @AfterAll
    static void stop() throws Exception {
        CLUSTER.close();
    }

    private record Outcome(
            List<Delivery> clean,
            List<Delivery> quarantined,
            List<Profile> profiles,
            List<String> threads,
            int vertices) {
        List<Delivery> all() {
            List<Delivery> all = new ArrayList<>(clean);
            all.addAll(quarantined);
            return all;
        }
    }

    private Outcome run(String name, GeneratorFunction<Long, RawRecord> rows, long count, List<byte[]> decisions)
            throws Exception {
        HygieneConfig config = new HygieneConfig(
                Samples.GRID,
                Map.of("bootstrap.servers", "localhost:1"),
                2,
                Duration.ofSeconds(60),
                true,
                directory.resolve("checkpoints"),
                1);
        Configuration settings = HygieneJob.settings(config);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        StreamExecutionEnvironment env = new StreamExecutionEnvironment(settings);
        CollectingSink clean = new CollectingSink(name + "clean" + System.nanoTime());
        CollectingSink quarantine = new CollectingSink(name + "quarantine" + System.nanoTime());
        InMemoryProfileChannel channel = new InMemoryProfileChannel(name + System.nanoTime());
        Source<RawRecord, ?, ?> raw = new DataGeneratorSource<>(rows, count, Types.POJO(RawRecord.class));
        Source<byte[], ?, ?> decided = new DataGeneratorSource<>(
                i -> decisions.get(i.intValue()),
                decisions.size(),
                PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
        HygieneTopology.define(
                env,
                new HygieneTopology.Ends(
                        raw, clean, quarantine, channel, decided, new Rows(), new InMemoryGoAheads("none")),
                Samples.rules(Samples.GRID, directory),
                Samples.ALONE);
        JobGraph graph = env.getStreamGraph().getJobGraph();
        List<JobVertex> vertices = new ArrayList<>();
        graph.getVertices().forEach(vertices::add);
        CLUSTER.executeJobBlocking(graph);
        return new Outcome(
                List.copyOf(clean.collected()),
                List.copyOf(quarantine.collected()),
                channel.all(),
                clean.threads().stream().distinct().toList(),
                vertices.size());
    }

    /** Raw rows by offset. */
    private static final class Rows implements RawLookup {
        private static final long serialVersionUID = 1;

        @Override
        public Fetcher open() {
            return new Fetcher() {
                @Override
                public byte @Nullable [] fetch(RecordId id) {
                    return Samples.value(id.offset());
                }

                @Override
                public void close() {}
            };
        }
    }

    private static String text(Delivery d, String header) {
        byte[] value = d.header(header);
        return value == null ? "" : DqHeaders.text(value);
    }

    /** Savepoints know operators by these uids: none may ever change, and none may be missing. */
    @Test
    void every_operator_has_its_uid() {
        StreamExecutionEnvironment env = new StreamExecutionEnvironment(new Configuration());
        HygieneTopology.define(
                env,
                new HygieneTopology.Ends(
                        new DataGeneratorSource<>(i -> Samples.raw(i, null), 1, Types.POJO(RawRecord.class)),
                        new CollectingSink("uids clean"),
                        new CollectingSink("uids quarantine"),
                        new InMemoryProfileChannel("uids"),
                        new DataGeneratorSource<>(
                                i -> NO_DECISION, 1, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO),
                        new Rows(),
                        new InMemoryGoAheads("uids")),
                Samples.rules(Samples.GRID, directory),
                Samples.ALONE);
        assertThat(env.getTransformations())
                .allSatisfy(t -> assertThat(t.getName()).isNotBlank());
        assertThat(env.getStreamGraph().getStreamNodes())
                .extracting(StreamNode::getTransformationUID)
                .containsExactlyInAnyOrder(
                        "raw", "judge", "clean", "quarantine", "decisions", "decided-values", "merge");
    }

    @Test
    void every_record_gets_exactly_one_verdict_and_profiles_grow(TestInfo test) throws Exception {
        List<byte @Nullable []> hostile = Samples.hostileValues();
        long count = 40_000;
        Outcome outcome = run(
                test.getDisplayName(),
                i -> Samples.raw(i, i % 10 == 9 ? Samples.hostileValues().get((int) (i / 10 % 14)) : Samples.value(i)),
                count,
                List.of(NO_DECISION));
        assertThat(hostile).hasSize(14);
        assertThat(outcome.all().stream().map(d -> text(d, DqHeaders.ID)).distinct())
                .hasSize((int) count);
        assertThat(outcome.all()).hasSize((int) count);
        assertThat(outcome.quarantined()).hasSizeGreaterThanOrEqualTo((int) count / 10);
        assertThat(outcome.clean()).hasSizeGreaterThan((int) (count * 0.8));
        List<String> published = outcome.profiles().stream().map(Profile::hash).toList();
        assertThat(outcome.all())
                .allSatisfy(d -> assertThat(text(d, DqHeaders.PROFILE)).isIn(published));
        assertThat(outcome.profiles().get(outcome.profiles().size() - 1).rows())
                .as("what was accepted last is in the last profile")
                .isGreaterThan((long) (count * 0.8));
        // Source, judge and both sinks are one vertex, so one thread for each subtask; decisions and merger are others.
        assertThat(outcome.vertices()).isEqualTo(3);
        assertThat(outcome.threads()).hasSize(2);
    }

    @Test
    void three_rows_in_all_are_judged(TestInfo test) throws Exception {
        Outcome outcome = run(test.getDisplayName(), i -> Samples.raw(i, Samples.value(i)), 3, List.of(NO_DECISION));
        assertThat(outcome.all()).hasSize(3);
        assertThat(outcome.profiles()).isNotEmpty();
    }

    @Test
    void one_tombstone_is_judged(TestInfo test) throws Exception {
        Outcome outcome = run(test.getDisplayName(), i -> Samples.raw(i, null), 1, List.of(NO_DECISION));
        assertThat(outcome.quarantined()).hasSize(1);
    }

    @Test
    void a_released_record_is_learned(TestInfo test) throws Exception {
        Decision release = new Decision(
                "d1", "grid.raw/0/5", Decision.Action.RELEASE, "ann", "2026-01-01T00:00:00Z", "it was fine");
        Outcome outcome =
                run(test.getDisplayName(), i -> Samples.raw(i, null), 1, List.of(release.encode(), NO_DECISION));
        assertThat(outcome.quarantined()).hasSize(1);
        assertThat(outcome.profiles()).isNotEmpty();
    }
}
