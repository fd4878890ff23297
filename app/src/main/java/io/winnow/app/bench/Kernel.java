package io.winnow.app.bench;

import io.winnow.core.hygiene.Judge;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.ProfileMaker;
import io.winnow.core.hygiene.Summary;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.DoubleStream;

/** Times the hygiene of one record by itself, in this thread: no Kafka, no Flink. */
final class Kernel {
    private static final int ROWS = 20_000;
    private static final int ROWS_PER_PROFILE = 1_000;
    private static final int WARM_UP = 8;
    private static final int PASSES = 5;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final RowDecoder decoder = new RowDecoder(BenchStream.CONTRACT);
    private final List<byte[]> values = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    /** What the passes compute, so that nobody can leave it out. */
    private double sink;

    private Kernel(long seed) {
        BenchStream stream = new BenchStream(seed);
        for (int i = 0; i < ROWS; i++) {
            byte[] value = stream.next();
            Row row = new Row(BenchStream.CONTRACT);
            if (decoder.decode(value, row) != null) {
                throw new IllegalStateException("a benchmark's record must be valid");
            }
            values.add(value);
            rows.add(row);
        }
    }

    /** Times it, under a profile that has learned 20,000 rows. */
    static BenchReport.KernelNanos time(long seed) {
        return new Kernel(seed).time();
    }

    private BenchReport.KernelNanos time() {
        Profile profile = learned();
        Judge judge = new Judge(BenchStream.CONTRACT, profile);
        Summary summary = new Summary(profile);
        Row buffer = new Row(BenchStream.CONTRACT);
        double decode = nanos(i -> {
            sink += decoder.decode(values.get(i), buffer) == null ? buffer.numbers[0] : 0;
        });
        double score = nanos(i -> sink += judge.bits(rows.get(i)));
        double both = nanos(i -> sink += judge.score(rows.get(i), summary));
        if (Double.isNaN(sink)) {
            throw new IllegalStateException("bits must be numbers");
        }
        // Learning takes up what scoring left in its buffers, so it is timed as what it adds.
        return new BenchReport.KernelNanos(decode, score, Math.max(0, both - score));
    }

    private Profile learned() {
        Profile profile = ProfileMaker.first(BenchStream.CONTRACT, values);
        for (int from = 0; from < ROWS; from += ROWS_PER_PROFILE) {
            Judge judge = new Judge(BenchStream.CONTRACT, profile);
            Summary summary = new Summary(profile);
            rows.subList(from, from + ROWS_PER_PROFILE).forEach(row -> judge.score(row, summary));
            profile = ProfileMaker.next(BenchStream.CONTRACT, profile, summary);
        }
        return profile;
    }

    /** Median over the passes of CPU nanoseconds a row. */
    private double nanos(IntConsumer row) {
        return DoubleStream.generate(() -> pass(row))
                .limit(WARM_UP + PASSES)
                .skip(WARM_UP)
                .sorted()
                .skip(PASSES / 2)
                .findFirst()
                .orElseThrow();
    }

    private double pass(IntConsumer row) {
        long start = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < ROWS; i++) {
            row.accept(i);
        }
        return (threads.getCurrentThreadCpuTime() - start) / (double) ROWS;
    }
}
