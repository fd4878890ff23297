package io.winnow.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.app.kafka.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person sees who gets something wrong: each in a process of its own, as they would start it. */
class OneLineErrorsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    Path folder;

    private Path contract;

    @BeforeEach
    void writeContract() throws IOException {
        contract = write("mill.yaml", "stream: mill\nfeatures:\n  - {name: speed, type: number}\n");
    }

    @Test
    void aWrongContract() throws Exception {
        Path wrong = write("wrong.yaml", "stream: mill\nfeatures:\n  - {name: speed, type: numbr}\n");
        Outcome run = winnow("run", "--config", wrong.toString(), "--data", data());
        assertThat(run.line()).contains(wrong + ":3: ", "numbr", "number");
    }

    @Test
    void aConfigurationThatIsNotThere() throws Exception {
        Path none = folder.resolve("none.yaml");
        assertThat(winnow("run", "--config", none.toString(), "--data", data()).line())
                .contains(none.toString());
    }

    @Test
    void anUnreachableBroker() throws Exception {
        String nobody = "127.0.0.1:" + Ports.free(0, "nobody");
        Path file = write("rows.ndjson", "{\"speed\":1}\n");
        Path config = write("winnow.yaml", "streams: [mill.yaml]\nkafka: {bootstrap.servers: \"" + nobody + "\"}\n");
        long start = System.nanoTime();
        List<Started> all = List.of(
                start("run", "--config", config.toString(), "--data", data()),
                start("audit", "--stream", "mill", "--bootstrap", nobody),
                start("ingest", "--stream", "mill", "--bootstrap", nobody, "--data", data(), file.toString()));
        for (Started each : all) {
            assertThat(each.end().line()).contains("Kafka at " + nobody + " does not answer");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "desk", "metrics"})
    void aPortInUse(String part) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName(Ports.LOOPBACK))) {
            Path config =
                    write("winnow.yaml", "streams: [mill.yaml]\nports: {" + part + ": " + taken.getLocalPort() + "}\n");
            Outcome run = winnow("run", "--config", config.toString(), "--data", data());
            assertThat(run.line()).contains("port " + taken.getLocalPort() + " on 127.0.0.1 is in use");
        }
    }

    @Test
    void aDataDirectoryThatCannotBeWritten() throws Exception {
        // Modes mean nothing to root; a directory below a file is nobody's to write.
        Path file = write("file", "");
        Outcome run = winnow(
                "run",
                "--config",
                contract.toString(),
                "--data",
                file.resolve("data").toString());
        assertThat(run.line()).contains("data directory " + file.resolve("data") + " cannot be written", "--data DIR");
    }

    @Test
    void nothingToAuditAndNothingToSendTo() throws Exception {
        assertThat(winnow("audit", "--stream", "mill", "--data", data()).line()).contains("winnow run", "--bootstrap");
        assertThat(winnow("ingest", "--stream", "mill", "--data", data(), contract.toString())
                        .line())
                .contains("winnow run", "--bootstrap");
    }

    @Test
    void aRecordThatCannotBeExplained() throws Exception {
        Started noId = start("explain", "mill.raw/one", "--data", data());
        Started noContract = start("explain", "mill.raw/0/1", "--data", data());
        Started noCluster = start("explain", "mill.raw/0/1", "--contract", contract.toString(), "--data", data());
        assertThat(noId.end().line()).contains("TOPIC/PARTITION/OFFSET", "mill.raw/one");
        assertThat(noContract.end().line()).contains("no contract of stream mill", "--contract");
        assertThat(noCluster.end().line()).contains("winnow run", "--bootstrap");
    }

    @ParameterizedTest
    @ValueSource(strings = {"infer", "backtest --label fault"})
    void aFileThatIsNotThere(String command) throws Exception {
        String none = folder.resolve("none.csv").toString();
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.add(none);
        assertThat(winnow(words.toArray(String[]::new)).line())
                .isEqualTo("winnow: " + none + ": there is no such file");
    }

    @Test
    void anUnknownCommand() throws Exception {
        Outcome run = winnow("rnu");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.errors()).containsExactly("winnow: there is no command 'rnu'", "Try 'winnow --help'.");
    }

    @Test
    void anUnknownOption() throws Exception {
        Outcome run = winnow("run", "--config", contract.toString(), "--cofnig");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.errors()).hasSize(2);
        assertThat(run.errors().get(0)).startsWith("winnow: ").contains("--cofnig");
        assertThat(run.errors().get(1)).contains("winnow run --help");
    }

    /**
     * How a command ended.
     *
     * @param exit its exit code
     * @param errors the lines on its standard error
     */
    private record Outcome(int exit, List<String> errors) {
        /** Its one line. */
        String line() {
            assertThat(errors).singleElement().asString().startsWith("winnow: ").doesNotContain("unexpected");
            assertThat(exit).isNotZero();
            return errors.get(0);
        }
    }

    /**
     * A command under way.
     *
     * @param process it
     * @param errors where its standard error goes
     */
    private record Started(Process process, Path errors) {
        /** Waits for its end. */
        Outcome end() throws Exception {
            try {
                assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .as("ended within " + PATIENCE.toSeconds() + " s")
                        .isTrue();
            } finally {
                process.destroyForcibly();
            }
            return new Outcome(process.exitValue(), Files.readAllLines(errors));
        }
    }

    private Outcome winnow(String... args) throws Exception {
        return start(args).end();
    }

    private Started start(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Winnow.class.getName()));
        command.addAll(List.of(args));
        Path errors = Files.createTempFile(folder, "errors", "");
        return new Started(
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(errors.toFile())
                        .start(),
                errors);
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
