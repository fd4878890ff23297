package io.winnow.app.cluster;

import io.winnow.app.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The processes of a cluster, as the operating system knows them: each carries the cluster's directory and its own name on
 * its command line, so that it is found whoever started it and whatever became of that one. The files of pids are for
 * people and scripts.
 */
final class RoleProcesses {
    /** The process that watches the others. */
    static final String SUPERVISOR = "supervisor";

    private RoleProcesses() {}

    /** All that live: name to process. */
    static Map<String, ProcessHandle> alive(Path home) {
        String cluster = Launch.clusterMark(home);
        String role = Launch.roleMark("");
        Map<String, ProcessHandle> alive = new LinkedHashMap<>();
        ProcessHandle.allProcesses().forEach(process -> {
            String[] arguments = process.info().arguments().orElse(new String[0]);
            if (Arrays.asList(arguments).contains(cluster)) {
                Arrays.stream(arguments)
                        .filter(a -> a.startsWith(role))
                        .findFirst()
                        .ifPresent(a -> alive.put(a.substring(role.length()), process));
            }
        });
        return alive;
    }

    /**
     * Starts a process; what it says goes to {@code NAME.err}.
     *
     * @throws Failure if there is none to be had
     */
    static Process start(Path home, String name, Launch launch) {
        try {
            ProcessBuilder builder = new ProcessBuilder(launch.command())
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(
                            ProcessBuilder.Redirect.to(errors(home, name).toFile()));
            builder.environment().putAll(launch.environment());
            Process process = builder.start();
            Files.writeString(home.resolve(name + ".pid"), process.pid() + "\n");
            return process;
        } catch (IOException e) {
            throw new Failure(name + " did not start: " + e.getMessage(), e);
        }
    }

    /** What a process said last before it ended, if anything. */
    static String lastWords(Path home, String name) {
        try {
            return Files.readString(errors(home, name))
                    .strip()
                    .lines()
                    .reduce("", (a, b) -> b)
                    .replaceFirst("^winnow: ", "");
        } catch (IOException e) {
            return "";
        }
    }

    /** SIGTERM to all of them, and SIGKILL to those that have not ended in time. Returns when none is left. */
    static void stop(Collection<ProcessHandle> processes, Duration patience) {
        processes.forEach(ProcessHandle::destroy);
        CompletableFuture<?> ended = ended(processes);
        try {
            ended.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            kill(processes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill(processes);
        }
    }

    /** SIGKILL to all of them. Returns when none is left. */
    static void kill(Collection<ProcessHandle> processes) {
        processes.forEach(ProcessHandle::destroyForcibly);
        ended(processes).join();
    }

    private static CompletableFuture<?> ended(Collection<ProcessHandle> processes) {
        return CompletableFuture.allOf(
                processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new));
    }

    private static Path errors(Path home, String name) {
        return home.resolve(name + ".err");
    }
}
