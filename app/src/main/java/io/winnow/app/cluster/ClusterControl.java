package io.winnow.app.cluster;

import io.winnow.app.Failure;
import io.winnow.app.cluster.ClusterState.Phase;
import io.winnow.app.cluster.ClusterState.RoleState;
import io.winnow.app.cluster.ClusterState.RoleStatus;
import io.winnow.app.home.Logs;
import io.winnow.app.home.RunningState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** What the commands do: they and the supervisor meet in the data directory only. */
public final class ClusterControl {
    private static final long LOOK_EVERY_MS = 200;
    private static final long TELL_EVERY_MS = 5_000;
    private static final Duration ORDERLY = Duration.ofSeconds(120);

    private ClusterControl() {}

    /**
     * Starts a supervisor that outlives this process; returns when everything is up.
     *
     * @param takeOver whether jobs of these streams that run elsewhere are ended
     * @param progress is shown the state now and then
     * @throws Failure if it does not come up: one line that says why; nothing runs then
     */
    public static ClusterState up(ClusterOrder order, boolean takeOver, Consumer<ClusterState> progress)
            throws InterruptedException {
        if (isWatched(order.directory())) {
            throw new Failure("a cluster runs on " + order.directory() + "; see 'winnow cluster status', or stop it"
                    + " with 'winnow cluster down'");
        }
        ClusterPlan plan = LocalCluster.prepare(order);
        Launch launch = Launch.supervisor(plan, takeOver);
        Process supervisor = RoleProcesses.start(plan.home(), RoleProcesses.SUPERVISOR, launch.surviving());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> abandon(plan.home(), supervisor)));
        long tell = System.nanoTime();
        while (true) {
            Optional<ClusterState> state = ClusterFiles.state(plan.home());
            if (state.isPresent() && state.get().phase() == Phase.UP) {
                return state.get();
            }
            if (!supervisor.isAlive()) {
                String words = RoleProcesses.lastWords(plan.home(), RoleProcesses.SUPERVISOR);
                throw new Failure(
                        words.isEmpty()
                                ? "the cluster did not come up; the logs in " + plan.home() + " say more"
                                : words);
            }
            if (state.isPresent() && System.nanoTime() - tell > TimeUnit.MILLISECONDS.toNanos(TELL_EVERY_MS)) {
                tell = System.nanoTime();
                progress.accept(state.get());
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
        }
    }

    /** Whoever interrupts a start wants nothing to be left of it. */
    private static void abandon(Path home, Process supervisor) {
        boolean up = ClusterFiles.state(home).filter(s -> s.phase() == Phase.UP).isPresent();
        if (!up) {
            supervisor.destroy();
        }
    }

    /**
     * Watches the cluster that was planned for a data directory, in this process, until it is closed.
     *
     * @param takeOver whether jobs of these streams that run elsewhere are ended
     * @throws Failure if it does not come up
     */
    public static LocalCluster supervise(Path data, boolean takeOver) {
        Path home = ClusterPlan.home(data);
        ClusterPlan plan = ClusterFiles.plan(home)
                .orElseThrow(() -> new Failure("no cluster was planned for " + data + "; use 'winnow cluster up'"));
        Logs.toFile(home, RoleProcesses.SUPERVISOR);
        return LocalCluster.up(
                plan,
                takeOver,
                line -> LoggerFactory.getLogger(ClusterControl.class).warn("{}", line));
    }

    /** How the cluster does, with the processes as the operating system sees them now; empty if none runs. */
    public static Optional<ClusterState> status(Path data) {
        Path home = ClusterPlan.home(data);
        Map<String, ProcessHandle> alive = RoleProcesses.alive(home);
        if (alive.isEmpty()) {
            return Optional.empty();
        }
        return ClusterFiles.state(home)
                .map(s -> new ClusterState(
                        s.phase(),
                        s.supervisor(),
                        s.bootstrap(),
                        s.roles().stream()
                                .map(r -> checked(r, alive.get(r.role().name())))
                                .toList(),
                        s.jobs()));
    }

    private static RoleStatus checked(RoleStatus role, @org.jspecify.annotations.Nullable ProcessHandle process) {
        return process == null
                ? new RoleStatus(
                        role.role(), role.pid(), RoleState.DOWN, role.startedMillis(), role.restarts(), role.port())
                : role;
    }

    /** Whether a supervisor watches the cluster of a data directory. */
    public static boolean isWatched(Path data) {
        return RoleProcesses.alive(ClusterPlan.home(data)).containsKey(RoleProcesses.SUPERVISOR);
    }

    /**
     * SIGKILL; returns when the process is gone.
     *
     * @param name a role's, or {@code supervisor}
     * @return its pid
     * @throws Failure if there is no such process
     */
    public static long kill(Path data, String name) {
        String known =
                name.equals(RoleProcesses.SUPERVISOR) ? name : Role.of(name).name();
        ProcessHandle process = RoleProcesses.alive(ClusterPlan.home(data)).get(known);
        if (process == null) {
            throw new Failure(known + " does not run on " + data + "; see 'winnow cluster status'");
        }
        RoleProcesses.kill(List.of(process));
        return process.pid();
    }

    /**
     * Refuses a data directory whose records are a cluster's.
     *
     * @throws Failure if they are
     */
    public static void refuseCluster(Path data) {
        if (Files.isDirectory(data.resolve("brokers"))) {
            throw new Failure(data + " holds the data of 'winnow cluster', which one process cannot go on with;"
                    + " use 'winnow cluster up', or give another --data directory");
        }
    }

    /**
     * Refuses a data directory on which processes of a cluster run, be it without a supervisor.
     *
     * @throws Failure if they do
     */
    public static void refuseProcesses(Path data) {
        Map<String, ProcessHandle> alive = RoleProcesses.alive(ClusterPlan.home(data));
        if (!alive.isEmpty()) {
            throw new Failure("processes of a cluster run on " + data + " (" + String.join(", ", alive.keySet())
                    + "); stop them with 'winnow cluster down'");
        }
    }

    /**
     * Stops the cluster of a data directory in order, also one whose supervisor is gone; returns when no process is left.
     *
     * @return whether anything ran
     */
    public static boolean down(Path data) {
        Path home = ClusterPlan.home(data);
        Map<String, ProcessHandle> alive = RoleProcesses.alive(home);
        ProcessHandle supervisor = alive.get(RoleProcesses.SUPERVISOR);
        if (supervisor != null) {
            RoleProcesses.stop(List.of(supervisor), ORDERLY);
        }
        ClusterStop.stop(home);
        ClusterFiles.clearState(home);
        if (!alive.isEmpty()) {
            RunningState.clear(data);
        }
        return !alive.isEmpty();
    }

    /**
     * The same, but jobs are stopped with savepoints, which stay: the way back from an upgrade.
     *
     * @return each stream's savepoint
     * @throws Failure if a job does not stop so; the cluster runs on then
     */
    public static Map<String, Path> downWithSavepoints(Path data) {
        ClusterPlan plan = ClusterJobs.watched(data);
        try (JobHold hold = JobHold.on(plan.home())) {
            Map<String, Path> savepoints = ClusterJobs.stop(plan);
            down(data);
            return savepoints;
        }
    }
}
