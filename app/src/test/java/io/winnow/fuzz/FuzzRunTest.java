package io.winnow.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs each target under Jazzer, in a process of its own, for {@code -Dminutes=N} each (one, unless said otherwise);
 * {@code -Dtarget=NAME} runs one alone. New inputs, and those that fail, are left in {@code target/fuzz}.
 */
@Tag("fuzz")
class FuzzRunTest {
    private static final String JAZZER = "com.code_intelligence.jazzer.Jazzer";
    /** The first one loads and instruments every class, on a machine that may be busy. */
    private static final int SLOWEST_INPUT_S = 120;

    private static final int MEMORY_MIB = 1_024;

    static Stream<Class<?>> targets() {
        String one = System.getProperty("target", "");
        return Targets.ALL.stream()
                .filter(t -> one.isEmpty() || t.getSimpleName().equals(one));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void holdsForMinutes(Class<?> target) throws IOException, InterruptedException {
        long seconds = Math.round(60 * Double.parseDouble(System.getProperty("minutes", "1")));
        Path found = Files.createDirectories(Path.of("target", "fuzz", target.getSimpleName()));
        Path log = found.resolveSibling(target.getSimpleName() + ".log");
        Process jazzer = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx512m",
                        "-XX:+EnableDynamicAgentLoading",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        JAZZER,
                        "--target_class=" + target.getName(),
                        "--instrumentation_includes=io.winnow.**:com.fasterxml.jackson.core.json.**:org.snakeyaml.**:de.siegmar.**",
                        "--reproducer_path=" + found.getParent(),
                        "-max_total_time=" + seconds,
                        "-timeout=" + SLOWEST_INPUT_S,
                        "-rss_limit_mb=" + MEMORY_MIB,
                        "-artifact_prefix=" + found.getParent() + "/" + target.getSimpleName() + "-",
                        "-print_final_stats=1",
                        found.toString(),
                        Targets.corpus(target).toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(jazzer.waitFor(seconds + 120, TimeUnit.SECONDS))
                    .as("ends in time; " + log + " has its words")
                    .isTrue();
            assertThat(jazzer.exitValue()).as("see " + log).isZero();
        } finally {
            jazzer.destroyForcibly();
        }
    }
}
