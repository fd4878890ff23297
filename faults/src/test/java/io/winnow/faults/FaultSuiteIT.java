package io.winnow.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.faults.kinds.Catalogue;
import io.winnow.faults.result.Entry;
import io.winnow.faults.result.Outcome;
import io.winnow.faults.result.ResultFile;
import io.winnow.faults.world.Run;
import io.winnow.faults.world.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/**
 * Runs faults and writes each into {@code docs/faults.json}: all, or those that {@code -Dfault=ID}, {@code -Dseed=} and
 * {@code -Drepeats=} ask for. {@code -Dminutes=} bounds those that take a time.
 */
class FaultSuiteIT {
    private static final Path ROOT = Path.of(System.getProperty("winnow.root", ".."));

    private static World world;
    private static String commit;

    @BeforeAll
    static void start() throws Exception {
        world = World.create();
        String head = git("rev-parse", "--short=10", "HEAD");
        commit = head.isEmpty()
                ? "unknown"
                : git("status", "--porcelain", "--", ".", ":!docs").isEmpty() ? head : head + "+";
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @TestFactory
    Stream<DynamicTest> faults() {
        List<Selection> runs = Selection.of(
                Catalogue.KINDS, System.getProperty("fault"), Long.getLong("seed"), Integer.getInteger("repeats"));
        return runs.stream().map(run -> DynamicTest.dynamicTest(run.id(), () -> run(run)));
    }

    private static void run(Selection selected) throws Exception {
        long start = System.nanoTime();
        Outcome outcome;
        try (Run run = new Run(world, selected.kind().id(), selected.seed())) {
            outcome = outcome(selected, run);
        } catch (TestAbortedException e) {
            say("%-42s skipped: %s", selected.id(), e.getMessage());
            throw e;
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        new ResultFile(ROOT.resolve("docs")).put(entry(selected, outcome, seconds));
        say(
                "%-42s %s %5.1f s, recovered in %4.1f s, %d of %d seen, %d lost, %d duplicated %s",
                selected.id(),
                outcome.isWell() ? "ok    " : "FAILED",
                seconds,
                outcome.secondsToRecover(),
                outcome.seen(),
                outcome.expected(),
                outcome.lost(),
                outcome.duplicated(),
                String.join("; ", outcome.problems()));
        assertThat(outcome.problems()).as("problems").isEmpty();
        assertThat(outcome.lost()).as("lost").isZero();
        assertThat(outcome.duplicated()).as("duplicated").isZero();
    }

    private static Outcome outcome(Selection selected, Run run) throws Exception {
        try {
            return selected.kind().scenario().run(run);
        } catch (TestAbortedException e) {
            throw e;
        } catch (Exception | AssertionError e) {
            e.printStackTrace();
            return run.unfinished("the run did not end: " + e);
        }
    }

    private static Entry entry(Selection selected, Outcome o, double seconds) {
        return new Entry(
                selected.kind().id(),
                selected.id(),
                selected.seed(),
                commit,
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                selected.kind().what(),
                o.offsets(),
                o.harms(),
                o.expected(),
                o.seen(),
                o.lost(),
                o.duplicated(),
                Math.round(10 * o.secondsToRecover()) / 10.0,
                Math.round(10 * seconds) / 10.0,
                o.isWell(),
                o.problems(),
                o.explanation());
    }

    private static void say(String format, Object... arguments) {
        System.out.println(String.format(Locale.ROOT, format, arguments));
    }

    private static String git(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        Stream.concat(Stream.of("git"), Stream.of(arguments)).toList())
                .directory(ROOT.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            Process git = builder.start();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor() == 0 ? said : "";
        } catch (IOException e) {
            // Without git there is no commit to name.
            return "";
        }
    }
}
