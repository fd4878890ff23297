package io.winnow.faults.health;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Takes the measures of a Java process with the serial collector, from the outside. */
public final class Vitals {
    private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    private static final Pattern HEAP = Pattern.compile("(?m)^ *(?:def new|tenured) generation .* used (\\d+)K");
    private static final Pattern METASPACE = Pattern.compile("(?m)^ *Metaspace .*used (\\d+)K");
    private static final Pattern SEGMENT = Pattern.compile("\\d{20}\\..+");
    private static final double KIB_PER_MIB = 1024;

    private final Path orders;

    /**
     * @param directory where it may write
     * @throws IllegalStateException if this Java has no {@code jcmd}
     */
    public Vitals(Path directory) throws IOException {
        if (!Files.isExecutable(JCMD)) {
            throw new IllegalStateException("there is no " + JCMD + ": a soak needs a whole JDK");
        }
        orders = Files.writeString(directory.resolve("jcmd.orders"), "GC.run\nGC.heap_info\n");
    }

    /** What a process holds; empty if it is not there any more, or does not answer. */
    public Optional<Map<Measure, Double>> of(long pid) throws InterruptedException {
        try {
            String answer = ask(pid);
            Map<Measure, Double> vitals = new EnumMap<>(Measure.class);
            vitals.put(Measure.HEAP, kib(HEAP, answer) / KIB_PER_MIB);
            vitals.put(Measure.METASPACE, kib(METASPACE, answer) / KIB_PER_MIB);
            vitals.put(Measure.FILES, (double) files(pid));
            vitals.put(Measure.THREADS, (double) threads(pid));
            return Optional.of(vitals);
        } catch (IOException | UncheckedIOException e) {
            // It ended meanwhile, or was killed.
            return Optional.empty();
        }
    }

    private String ask(long pid) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        JCMD.toString(),
                        "-J-Xmx32m",
                        "-J-XX:TieredStopAtLevel=1",
                        String.valueOf(pid),
                        "-f",
                        orders.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String answer = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!jcmd.waitFor(10, TimeUnit.SECONDS) || jcmd.exitValue() != 0) {
            throw new IOException("process " + pid + " does not answer");
        }
        return answer;
    }

    private static long kib(Pattern pattern, String answer) throws IOException {
        Matcher matcher = pattern.matcher(answer);
        long sum = 0;
        boolean found = false;
        while (matcher.find()) {
            sum += Long.parseLong(matcher.group(1));
            found = true;
        }
        if (!found) {
            throw new IOException("not a heap: " + answer);
        }
        return sum;
    }

    private static long files(long pid) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
            return all.filter(file -> !isSegment(file)).count();
        }
    }

    private static boolean isSegment(Path file) {
        try {
            return SEGMENT.matcher(String.valueOf(Files.readSymbolicLink(file).getFileName()))
                    .matches();
        } catch (IOException e) {
            // Closed meanwhile.
            return true;
        }
    }

    private static long threads(long pid) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc", String.valueOf(pid), "task"))) {
            return all.count();
        }
    }

    /** MiB of the files below a directory; those that go while it looks do not count. */
    public static double mebibytes(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return 0;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return all.mapToLong(file -> {
                                try {
                                    return Files.isRegularFile(file) ? Files.size(file) : 0;
                                } catch (IOException e) {
                                    return 0;
                                }
                            })
                            .sum()
                    / KIB_PER_MIB
                    / KIB_PER_MIB;
        } catch (UncheckedIOException e) {
            // A whole directory went: the next look finds what there is then.
            return Double.NaN;
        }
    }
}
