package io.winnow.app.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.winnow.app.config.RunConfig;
import io.winnow.app.config.RunConfig.FlinkSettings;
import io.winnow.app.config.RunConfig.PortSettings;
import io.winnow.app.config.RunConfig.TrainerSettings;
import io.winnow.app.home.DataDirectory;
import io.winnow.core.backtest.DetectionBacktest;
import io.winnow.core.backtest.DetectionResult;
import io.winnow.core.infer.ContractInference;
import io.winnow.core.infer.Draft;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import io.winnow.core.topic.StreamTopics;
import io.winnow.ingest.FileIngest;
import io.winnow.ingest.IngestException;
import io.winnow.ingest.IngestPlan;
import io.winnow.ingest.MonotonicTime;
import io.winnow.ingest.Progress;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whether what {@code backtest} promises holds on Kafka: there rows lie on partitions, which judges read at a pace of their
 * own, and clocks have a say in when a profile is made. {@code -Pquality -Dwinnow.data=DIRECTORY} with the files.
 */
@Tag("quality")
@EnabledIfSystemProperty(named = "winnow.data", matches = ".+")
class KafkaDetectionIT {
    private static final String LABEL = "label";
    /** Rows a second. */
    private static final double PACE = 10_000;

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long SEED = 20260302;

    /** Two partitions, as {@code run} makes them; rows go there as {@code ingest --rate} sends them. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shuttlesAnomaliesAreFoundAsInTheBacktest(int judges, @TempDir Path home) throws Exception {
        assertThat(beyondTheBacktest("shuttle.csv.gz", judges, home)).isCloseTo(0, within(0.01));
    }

    /**
     * Measured, but held to nothing: what is found in {@code cover} hangs on the order of its rows and on when profiles are
     * made, by more than the bar and without any Kafka. docs/detector.md says how much.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void coversAnomaliesAreFoundAsTheirOrderHasIt(int judges, @TempDir Path home) throws Exception {
        assertThat(beyondTheBacktest("cover.csv.gz", judges, home)).isFinite();
    }

    /** AUROC on Kafka less the backtest's. */
    private static double beyondTheBacktest(String name, int judges, Path home) throws Exception {
        Path file = Path.of(System.getProperty("winnow.data"), name);
        Draft draft = ContractInference.draft(file, Optional.of(LABEL));
        DetectionResult backtest = DetectionBacktest.run(file, LABEL, Optional.of(draft.contract()), 0, bytes -> {});

        SortedSet<Judged> judged = judge(file, draft, judges, home);

        double seconds = (judged.last().sentMillis() - judged.first().sentMillis()) / 1e3;
        double pace = judged.size() / seconds;
        double[] areas = areas(judged);
        System.out.printf(
                Locale.ROOT,
                "%s, judges: %d, %,.0f rows/s: AUROC %.4f, average precision %.4f; backtest %.4f, %.4f%n",
                name,
                judges,
                pace,
                areas[0],
                areas[1],
                backtest.auroc(),
                backtest.averagePrecision());
        assertThat(judged).hasSize(backtest.rows());
        assertThat(pace)
                .as("rows/s sent: this machine is too busy to say anything of %,.0f", PACE)
                .isGreaterThan(0.95 * PACE);
        return areas[0] - backtest.auroc();
    }

    private static double[] areas(SortedSet<Judged> judged) {
        List<Judged> measured = judged.stream().skip(DetectionBacktest.WARM_UP).toList();
        boolean[] truth = new boolean[measured.size()];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = measured.get(i).anomaly();
        }
        return DetectionResult.areas(measured.stream().mapToDouble(Judged::bits).toArray(), truth);
    }

    /** Sends the file to a job of its own, and waits until every row has its verdict. */
    private static SortedSet<Judged> judge(Path file, Draft draft, int judges, Path home) throws IngestException {
        RunConfig config = new RunConfig(
                List.of(new RunConfig.Stream(draft.contract(), draft.yaml())),
                Optional.empty(),
                Map.of(),
                new FlinkSettings(true, judges, 2, true),
                new TrainerSettings(false, 1024, 20),
                new PortSettings(
                        OptionalInt.of(0),
                        OptionalInt.of(0),
                        OptionalInt.of(0),
                        OptionalInt.of(0),
                        OptionalInt.empty()));
        StreamTopics topics = StreamTopics.of(draft.contract());
        SortedSet<Judged> judged = new TreeSet<>(Judged.IN_RAWS_ORDER);
        try (DataDirectory data = DataDirectory.open(home.resolve("data"));
                Platform platform = Platform.start(config, data, SEED, line -> {})) {
            long sent = new FileIngest(
                            new IngestPlan(
                                    topics.stream(),
                                    false,
                                    List.of(file),
                                    Optional.of(draft.contract()),
                                    platform.kafka(),
                                    PACE,
                                    home),
                            Progress.to(System.out, false, MonotonicTime.system()),
                            MonotonicTime.system(),
                            InputStream.nullInputStream())
                    .run()
                    .sent();
            RowDecoder decoder = new RowDecoder(draft.contract());
            Row row = new Row(draft.contract());
            new MillTopics(platform.kafka())
                    .read(
                            PATIENCE,
                            record -> assertThat(judged.add(Judged.of(record, decoder, row)))
                                    .as("the only verdict of its row")
                                    .isTrue(),
                            () -> judged.size() >= sent,
                            topics.clean(),
                            topics.quarantine());
        }
        return judged;
    }

    /**
     * A row with its verdict.
     *
     * @param sentMillis when it was sent: a file's rows lie on partitions by turns, and only this says what their order was
     * @param id where it lies in raw
     * @param bits how surprising it was
     * @param anomaly whether it is one
     */
    private record Judged(long sentMillis, RecordId id, double bits, boolean anomaly) {
        static final Comparator<Judged> IN_RAWS_ORDER = Comparator.comparingLong(Judged::sentMillis)
                .thenComparingInt(j -> j.id().partition())
                .thenComparingLong(j -> j.id().offset());

        /**
         * Reads one.
         *
         * @param row is filled
         */
        static Judged of(ConsumerRecord<byte[], byte[]> record, RowDecoder decoder, Row row) {
            assertThat(decoder.decode(record.value(), row)).isNull();
            return new Judged(
                    record.timestamp(),
                    RecordId.parse(header(record, DqHeaders.ID)),
                    Double.parseDouble(header(record, DqHeaders.BITS)),
                    DetectionBacktest.isAnomaly(row));
        }

        private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
            return Objects.requireNonNull(MillTopics.header(record, name), name);
        }
    }
}
