package io.winnow.faults.world;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Java process of ours, which signals may hit. What it says goes to a file. */
public final class Child implements AutoCloseable {
    private final Process process;
    private final Path said;

    private Child(Process process, Path said) {
        this.process = process;
        this.said = said;
    }

    /**
     * Starts a class with this process's class path.
     *
     * @param said takes its output, appended
     * @param environment variables besides ours
     */
    public static Child start(
            Class<?> main, String memory, Path said, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx" + memory,
                "-XX:+UseSerialGC",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(arguments);
        Files.createDirectories(said.getParent());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(said.toFile()));
        builder.environment().putAll(environment);
        return new Child(builder.start(), said);
    }

    /** Writes a line to its standard input. */
    public void tell(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Waits until it has said something, counted over all processes that write to its file. */
    public void awaitSaid(String text, int times, Duration atMost) throws Exception {
        Patience.await(said + " says " + text, atMost, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException(
                        "the process has ended with " + process.exitValue() + "; it said: " + tail());
            }
            return count(text) >= times;
        });
    }

    /** How often its file says something. */
    public int count(String text) throws IOException {
        return Files.readString(said).split(java.util.regex.Pattern.quote(text), -1).length - 1;
    }

    private String tail() throws IOException {
        String all = Files.readString(said);
        return all.substring(Math.max(0, all.length() - 500));
    }

    /** SIGKILL; returns when it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGSTOP: it stands still. */
    public void pause() throws IOException, InterruptedException {
        signal("STOP", List.of(process.pid()));
    }

    /** SIGCONT: it goes on. */
    public void goOn() throws IOException, InterruptedException {
        signal("CONT", List.of(process.pid()));
    }

    /** Sends a signal to processes, in one command so that they get it at nearly the same moment. */
    public static void signal(String name, List<Long> pids) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        pids.forEach(pid -> command.add(String.valueOf(pid)));
        int status = new ProcessBuilder(command).start().waitFor();
        if (status != 0) {
            throw new IOException("kill -" + name + " " + pids + " failed with " + status);
        }
    }

    /** Whether it still lives. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Closes its standard input, which ends it where it listens; else kills it. */
    @Override
    public void close() throws InterruptedException {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It was closed already.
        }
        if (!process.waitFor(15, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
