package io.winnow.core.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.winnow.core.backtest.ParallelBacktest.Reading;
import io.winnow.core.backtest.ParallelBacktest.Split;
import io.winnow.core.contract.Contract;
import io.winnow.core.hygiene.ProfileMaker;
import io.winnow.core.infer.ContractInference;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import io.winnow.core.tabular.FileRecord;
import io.winnow.core.tabular.RecordFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many judges there are, and which rows each has, changes no bits; at a pace of their own, it hardly changes ranks. */
class ParallelBacktestTest {
    private static final int PARTITIONS = 8;
    /** In these of {@code cover} lie most of its anomalies. */
    private static final int FIRST_ROWS = 6_000;

    @TempDir
    static Path directory;

    private static Stream drifting;

    /** Three fields of which one drifts, and anomalies that are off in two of them. */
    @BeforeAll
    static void write() throws IOException {
        Random random = new Random(95);
        StringBuilder csv = new StringBuilder("a,b,c,label\n");
        for (int i = 0; i < 12_000; i++) {
            boolean anomaly = random.nextInt(50) == 0;
            double common = random.nextGaussian();
            double off = anomaly ? 2.5 : 0;
            csv.append(String.format(
                    Locale.ROOT,
                    "%.4f,%.4f,%.4f,%d%n",
                    i / 4_000.0 + common + random.nextGaussian() + off,
                    common + random.nextGaussian() - off,
                    random.nextGaussian(),
                    anomaly ? 1 : 0));
        }
        drifting = Stream.of(Files.writeString(directory.resolve("drifting.csv"), csv));
    }

    /** A file in memory, and what one judge makes of it. */
    private record Stream(Contract contract, List<Row> rows, List<byte[]> coldStart, DetectionResult alone) {
        static Stream of(Path file) throws IOException {
            Contract contract =
                    ContractInference.draft(file, Optional.of("label")).contract();
            RowDecoder decoder = new RowDecoder(contract);
            List<Row> rows = new ArrayList<>();
            List<byte[]> coldStart = new ArrayList<>();
            try (RecordFile records = RecordFile.open(file, Optional.of(contract))) {
                for (FileRecord record = records.next(); record != null; record = records.next()) {
                    Row row = new Row(contract);
                    assertThat(decoder.decode(record.value(), row)).isNull();
                    rows.add(row);
                    if (coldStart.size() < ProfileMaker.COLD_START_ROWS) {
                        coldStart.add(record.value());
                    }
                }
            }
            DetectionResult alone = DetectionBacktest.run(file, "label", Optional.of(contract), 0, bytes -> {});
            return new Stream(contract, rows, coldStart, alone);
        }

        /** The same rows, some of them late: each from the one place up to the other by as many places as {@code most}. */
        Stream late(int from, int to, int most) {
            Random random = new Random(most);
            double[] places = IntStream.range(0, rows.size())
                    .mapToDouble(i -> i >= from && i < to ? i + most * random.nextDouble() : i)
                    .toArray();
            List<Row> late = IntStream.range(0, places.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> places[i]))
                    .map(rows::get)
                    .toList();
            return new Stream(contract, late, coldStart, alone);
        }

        double[] bits(Split split, int judges, Reading reading) {
            return ParallelBacktest.bits(contract, rows, coldStart, split, PARTITIONS, judges, reading, judges);
        }

        /** Of one judge. */
        double inStep() {
            return auroc(bits(Split.ROUND_ROBIN, 1, Reading.IN_STEP));
        }

        double auroc(double[] bits) {
            boolean[] truth = new boolean[rows.size()];
            for (int i = 0; i < truth.length; i++) {
                truth[i] = DetectionBacktest.isAnomaly(rows.get(i));
            }
            return DetectionResult.areas(
                    Arrays.copyOfRange(bits, DetectionBacktest.WARM_UP, bits.length),
                    Arrays.copyOfRange(truth, DetectionBacktest.WARM_UP, truth.length))[0];
        }
    }

    @ParameterizedTest
    @EnumSource
    void inStepTheBitsAreTheSameToTheLastDigit(Split split) {
        double[] alone = drifting.bits(Split.ROUND_ROBIN, 1, Reading.IN_STEP);
        assertThat(drifting.auroc(alone)).as("of the backtest").isEqualTo(drifting.alone.auroc());
        for (int judges : new int[] {2, 4}) {
            assertThat(drifting.bits(split, judges, Reading.IN_STEP)).isEqualTo(alone);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void atAPaceOfTheirOwnTheRanksAreNearlyTheSame(int judges) {
        for (Split split : new Split[] {Split.ROUND_ROBIN, Split.HASH}) {
            assertThat(drifting.auroc(drifting.bits(split, judges, Reading.OWN_PACE)))
                    .as("%s", split)
                    .isCloseTo(drifting.alone.auroc(), within(0.005));
        }
    }

    /**
     * The same on real data: {@code -Pquality -Dwinnow.data=DIRECTORY} with the files. In {@code cover} what is learned of
     * the first thousands of rows, a quarter of them anomalies, decides the rest; at judges' own pace it is another order.
     */
    @ParameterizedTest
    @CsvSource({"shuttle.csv.gz, 0.005", "cover.csv.gz, 0.1"})
    @Tag("quality")
    @EnabledIfSystemProperty(named = "winnow.data", matches = ".+")
    void onRealDataToo(String file, double tolerance) throws IOException {
        Stream stream = Stream.of(Path.of(System.getProperty("winnow.data"), file));
        double alone = stream.alone.auroc();
        System.out.printf(Locale.ROOT, "%s: backtest %.4f%n", file, alone);
        double[] one = stream.bits(Split.ROUND_ROBIN, 1, Reading.IN_STEP);
        assertThat(stream.auroc(one)).isEqualTo(alone);
        for (int judges : new int[] {2, 4}) {
            assertThat(stream.bits(Split.HASH, judges, Reading.IN_STEP)).isEqualTo(one);
            assertThat(stream.bits(Split.BLOCKS, judges, Reading.IN_STEP)).isEqualTo(one);
        }
        List<Double> off = new ArrayList<>();
        for (int most : new int[] {10, 100, 1_000}) {
            double early = stream.late(0, FIRST_ROWS, most).inStep();
            double later = stream.late(FIRST_ROWS, stream.rows.size(), most).inStep();
            System.out.printf(
                    Locale.ROOT, "%s: first rows up to %d late: %.4f, others: %.4f%n", file, most, early, later);
            off.add(Math.abs(early - alone));
            assertThat(later).isCloseTo(alone, within(0.005));
        }
        for (Split split : Split.values()) {
            for (int judges : new int[] {1, 2, 4}) {
                double auroc = stream.auroc(stream.bits(split, judges, Reading.OWN_PACE));
                System.out.printf(Locale.ROOT, "%s: %s, %d judges: %.4f%n", file, split, judges, auroc);
                if (split != Split.BLOCKS) {
                    off.add(Math.abs(auroc - alone));
                }
            }
        }
        assertThat(off).allMatch(d -> d <= tolerance);
    }
}
