package io.winnow.faults.kinds;

import io.winnow.app.cluster.ClusterControl;
import io.winnow.app.cluster.ClusterState.RoleStatus;
import io.winnow.faults.FaultKind;
import io.winnow.faults.result.Outcome;
import io.winnow.faults.world.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A cluster at work for a long time, while its processes are killed now and then. */
final class SoakFaults {
    /** What both oracles hold in this process's memory. */
    private static final int MOST_RECORDS = 2_000_000;

    private static final int TRIAL = 60_000;
    private static final double SHARE = 0.7;
    private static final double BACK_WITHIN_S = 30;
    /** A process may open some files and threads more than in its first minute, not half as many again. */
    private static final double GROWTH = 1.5;

    static final List<FaultKind> KINDS = List.of(new FaultKind(
            "soak",
            "a cluster at 70 % of its capacity, a random process killed each minute, for two minutes or -Dminutes",
            1,
            SoakFaults::soak));

    private SoakFaults() {}

    /** What a process holds: open files and threads. */
    private record Held(long files, long threads) {
        static Held of(long pid) throws IOException {
            return new Held(count(pid, "fd"), count(pid, "task"));
        }

        private static long count(long pid, String what) throws IOException {
            try (Stream<Path> all = Files.list(Path.of("/proc", String.valueOf(pid), what))) {
                return all.count();
            }
        }
    }

    private static Outcome soak(Run run) throws Exception {
        Path data = ClusterFaults.up(run, 1);
        run.patience(Duration.ofMinutes(6)).watch();
        run.send(TRIAL / 3, 0).await();
        run.awaitVerdicts(TRIAL / 3);
        long start = System.nanoTime();
        run.send(TRIAL, 0).await();
        run.awaitVerdicts(TRIAL / 3 + TRIAL);
        double capacity = TRIAL / ((System.nanoTime() - start) / 1e9);
        int minutes = Math.max(1, Integer.getInteger("minutes", 2));
        int rate = (int) Math.min(SHARE * capacity, MOST_RECORDS / (60.0 * minutes));
        run.send(60L * minutes * rate, rate);
        Map<Long, Held> before = new HashMap<>();
        for (int minute = 0; minute < minutes; minute++) {
            int second = 5 + run.random().nextInt(20);
            TimeUnit.SECONDS.sleep(second);
            List<String> roles = List.of("jobmanager", "taskmanager-1", "taskmanager-2", "broker-1", "desk", "ledger");
            String role = roles.get(run.random().nextInt(roles.size()));
            ClusterFaults.awaitUp(data, role);
            ClusterFaults.kill(run, data, role);
            TimeUnit.SECONDS.sleep(55 - second);
            compare(run, data, before);
        }
        double slowest = run.watch().secondsToRecover();
        if (slowest > BACK_WITHIN_S) {
            run.problem("it took " + slowest + " s until verdicts came again after a kill");
        }
        run.explain(String.format(
                Locale.ROOT,
                "%d minutes at %d records/s, %.0f %% of a capacity of %.0f",
                minutes,
                rate,
                100 * rate / capacity,
                capacity));
        return ClusterFaults.settle(run, data);
    }

    private static void compare(Run run, Path data, Map<Long, Held> before) throws IOException {
        for (RoleStatus role : ClusterControl.status(data).orElseThrow().roles()) {
            if (!Files.exists(Path.of("/proc", String.valueOf(role.pid()), "fd"))) {
                continue;
            }
            Held now = Held.of(role.pid());
            Held first = before.putIfAbsent(role.pid(), now);
            if (first != null && (now.files() > GROWTH * first.files() || now.threads() > GROWTH * first.threads())) {
                run.problem(role.role().name() + " held " + first + " and holds " + now);
            }
        }
    }
}
