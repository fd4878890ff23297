package io.winnow.benchmarks;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/** Runs all benchmarks and prints a table in Markdown: CPU nanoseconds and bytes allocated, for each row. */
public final class Benchmarks {
    private static final String OURS = "WinnowBenchmark.scoreAndLearn";
    private static final String FOREST = "RandomCutForestBenchmark.scoreAndLearn";

    private Benchmarks() {}

    /**
     * Runs them.
     *
     * @param args a regular expression that names what to run; all of it without one
     */
    public static void main(String[] args) throws RunnerException {
        OptionsBuilder options = new OptionsBuilder();
        (args.length == 0 ? List.of("io.winnow.benchmarks") : List.of(args)).forEach(options::include);
        options.mode(Mode.AverageTime)
                .timeUnit(java.util.concurrent.TimeUnit.NANOSECONDS)
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                // Short ones: on a machine with other work, some of them are undisturbed.
                .measurementIterations(12)
                .measurementTime(TimeValue.milliseconds(400))
                .addProfiler(GCProfiler.class)
                .addProfiler(CpuTime.class)
                .jvmArgs("-Xms1g", "-Xmx1g", "-XX:+UseParallelGC")
                .shouldFailOnError(true)
                .verbosity(VerboseMode.NORMAL);
        print(new Runner(options.build()).run());
    }

    private static void print(Collection<RunResult> results) {
        Map<String, Map<Integer, RunResult>> table = new TreeMap<>();
        for (RunResult result : results) {
            table.computeIfAbsent(name(result), name -> new TreeMap<>()).put(fields(result), result);
        }
        List<Integer> columns =
                results.stream().map(Benchmarks::fields).distinct().sorted().toList();
        System.out.println();
        System.out.println("CPU ns a row: median (least to most) of 12 iterations; bytes allocated a row:");
        System.out.println();
        System.out.println("| benchmark |"
                + columns.stream().map(c -> " " + c + " fields |").collect(Collectors.joining()));
        System.out.println("|---|" + "---|".repeat(columns.size()));
        table.forEach((name, row) -> System.out.println("| " + name + " |"
                + columns.stream().map(c -> " " + cell(row.get(c)) + " |").collect(Collectors.joining())));
        Map<Integer, RunResult> ours = table.getOrDefault(OURS, Map.of());
        table.getOrDefault(FOREST, Map.of()).forEach((fields, forest) -> {
            RunResult own = ours.get(fields);
            if (own != null) {
                System.out.printf(
                        Locale.ROOT,
                        "%nAt %d fields ours is %.0f times as fast as Random Cut Forest with 50 trees (median to median).",
                        fields,
                        median(forest) / median(own));
            }
        });
        System.out.println();
    }

    private static Statistics cpu(RunResult result) {
        return Objects.requireNonNull(result.getSecondaryResults().get(CpuTime.CPU), "the profiler's result")
                .getStatistics();
    }

    private static double median(RunResult result) {
        return cpu(result).getPercentile(50);
    }

    private static String name(RunResult result) {
        String full = result.getParams().getBenchmark();
        return full.substring(Benchmarks.class.getPackageName().length() + 1);
    }

    private static int fields(RunResult result) {
        return Integer.parseInt(result.getParams().getParam("fields"));
    }

    private static String cell(@Nullable RunResult result) {
        if (result == null) {
            return "";
        }
        Statistics nanos = cpu(result);
        Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
        return String.format(
                Locale.ROOT,
                "%,.0f (%,.0f to %,.0f), %,.0f B",
                nanos.getPercentile(50),
                nanos.getMin(),
                nanos.getMax(),
                bytes == null ? Double.NaN : bytes.getScore());
    }
}
