package io.winnow.benchmarks;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.hygiene.Judge;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.ProfileMaker;
import io.winnow.core.hygiene.Summary;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Ours: each step of a row's hygiene, in one thread, under a profile that has learned every row. */
@State(Scope.Thread)
@NullUnmarked // JMH fills the fields.
public class WinnowBenchmark {
    /** The stream's cadence: a new profile after this many rows. */
    private static final int ROWS_PER_PROFILE = 1_000;

    /** Number fields of a row. */
    @Param({"9", "20", "50", "100"})
    public int fields;

    private Contract contract;
    private RowDecoder decoder;
    private Row buffer;
    private byte[][] values;
    private Row[] rows;
    private Profile profile;
    private Judge judge;
    private Summary summary;
    private Summary thousand;
    private int next;

    /** Learns all rows. */
    @Setup(Level.Trial)
    public void learn() {
        contract = ContractReader.parse(
                "stream: bench\nfeatures:\n"
                        + IntStream.range(0, fields)
                                .mapToObj(i -> "  - {name: " + Rows.field(i) + ", type: number}\n")
                                .collect(Collectors.joining()),
                "the benchmark's contract");
        decoder = new RowDecoder(contract);
        buffer = new Row(contract);
        values = Arrays.stream(Rows.of(fields)).map(Rows::json).toArray(byte[][]::new);
        rows = new Row[values.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new Row(contract);
            if (decoder.decode(values[i], rows[i]) != null) {
                throw new IllegalStateException("a benchmark's row must be valid");
            }
        }
        profile = ProfileMaker.first(contract, List.of(values));
        for (int from = 0; from + ROWS_PER_PROFILE <= rows.length; from += ROWS_PER_PROFILE) {
            thousand = new Summary(profile);
            judge = new Judge(contract, profile);
            for (int i = from; i < from + ROWS_PER_PROFILE; i++) {
                judge.score(rows[i], thousand);
            }
            profile = ProfileMaker.next(contract, profile, thousand);
        }
        judge = new Judge(contract, profile);
        summary = new Summary(profile);
        thousand = new Summary(profile);
        for (int i = 0; i < ROWS_PER_PROFILE; i++) {
            judge.score(rows[i], thousand);
        }
    }

    /** Bytes to a row. */
    @Benchmark
    public double decode() {
        next = (next + 1) & (Rows.COUNT - 1);
        return decoder.decode(values[next], buffer) == null ? buffer.numbers[0] : Double.NaN;
    }

    /** A row to bits. */
    @Benchmark
    public double score() {
        next = (next + 1) & (Rows.COUNT - 1);
        return judge.bits(rows[next]);
    }

    /** A row to bits, and into the summary. */
    @Benchmark
    public double scoreAndLearn() {
        next = (next + 1) & (Rows.COUNT - 1);
        return judge.score(rows[next], summary);
    }

    /** A thousand rows' summary to the next profile, ready to score: time for each of the rows. */
    @Benchmark
    @OperationsPerInvocation(ROWS_PER_PROFILE)
    public Judge nextProfile() {
        return new Judge(contract, ProfileMaker.next(contract, profile, thousand));
    }
}
