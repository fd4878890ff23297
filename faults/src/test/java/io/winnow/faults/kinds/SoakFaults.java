package io.winnow.faults.kinds;

import io.winnow.app.cluster.ClusterControl;
import io.winnow.app.cluster.ClusterState;
import io.winnow.app.cluster.ClusterState.RoleState;
import io.winnow.app.cluster.ClusterState.RoleStatus;
import io.winnow.faults.FaultKind;
import io.winnow.faults.count.Rows;
import io.winnow.faults.health.Health;
import io.winnow.faults.health.Measure;
import io.winnow.faults.health.Vitals;
import io.winnow.faults.result.Outcome;
import io.winnow.faults.world.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A cluster at work for a long time, while its processes are killed now and then. */
final class SoakFaults {
    /** What both oracles hold in this process's memory. */
    private static final int MOST_RECORDS = 32_000_000;

    /** After so many a stream is no longer young, and code is compiled. */
    private static final int WARM_UP = 220_000;

    private static final int TRIAL = 150_000;
    private static final double SHARE = 0.7;
    /** At that rate, before the first kill, to see what is usual. */
    private static final int CALM_S = 30;

    private static final int BACK_WITHIN_S = 30;
    /** It is back only when it stays so. */
    private static final int STAYS_S = 5;

    /** As fast as usual: no slower than twice the slowest second of the calm, or this. */
    private static final long LEAST_USUAL_MS = 3_000;

    private static final Duration YOUNG = Duration.ofSeconds(30);
    private static final String RULES = """
            target: {name: wear, type: number}
            training: {every-rows: 100000, every-minutes: 5, window-rows: 20000, budget: 0.1}
            """;

    static final List<FaultKind> KINDS = List.of(new FaultKind(
            "soak",
            "a cluster at 70 % of its capacity, a random process killed each minute, for two minutes or -Dminutes",
            1,
            run -> new SoakFaults(run).soak()));

    private final Run run;
    private final int minutes = Math.max(1, Integer.getInteger("minutes", 2));
    private final long soakS = TimeUnit.MINUTES.toSeconds(minutes);
    private final Health health = new Health();
    private final List<Kill> kills = new ArrayList<>();
    private Path data = Path.of("");
    private long startNanos;
    private long startMillis;

    private SoakFaults(Run run) {
        this.run = run;
    }

    /** A process that was killed, at a second of the soak. */
    private record Kill(String role, long atMillis) {}

    private Outcome soak() throws Exception {
        data = ClusterFaults.up(run.rows(Rows.teaching(run.seed())).rules(RULES), 1);
        run.keepAll();
        run.patience(Duration.ofMinutes(10)).watch();
        double capacity = capacity();
        int rate = (int) Math.min(SHARE * capacity, MOST_RECORDS / (double) (CALM_S + soakS));
        long usualMillis = begin(rate);
        disturb();
        run.awaitSent();
        run.explain(String.format(
                Locale.ROOT,
                "%d minutes at %d records/s, %.0f %% of a capacity of %.0f",
                minutes,
                rate,
                100 * rate / capacity,
                capacity));
        Outcome outcome = ClusterFaults.settle(run, data);
        tellLatency(usualMillis);
        health.problems(soakS).forEach(run::problem);
        run.explain("medians of the middle and the last third, of the fullest process of each kind: "
                + health.describe(soakS));
        return run.told(outcome);
    }

    /** Records per second, when as many come as go through. */
    private double capacity() throws Exception {
        run.send(WARM_UP, 0).await();
        run.awaitVerdicts(WARM_UP);
        long start = System.nanoTime();
        run.send(TRIAL, 0).await();
        run.awaitVerdicts(WARM_UP + TRIAL);
        return TRIAL / ((System.nanoTime() - start) / 1e9);
    }

    /** Sends at this rate, and returns after a calm time with what latency is usual, ms. */
    private long begin(int rate) throws Exception {
        long sent = System.currentTimeMillis();
        // Due when the rate says so, whether or not the broker could take it then.
        run.timestamps(number -> sent + (number - WARM_UP - TRIAL) * 1_000 / rate);
        run.send((CALM_S + soakS) * rate, rate);
        TimeUnit.SECONDS.sleep(CALM_S);
        startNanos = System.nanoTime();
        startMillis = System.currentTimeMillis();
        // The first seconds are those of a rate that has just changed, the last ones are on their way.
        long slowest = run.watch()
                .latency(l -> l.worst(sent + 5_000, startMillis - 5_000))
                .orElseThrow(() -> new IllegalStateException("no verdict came in " + CALM_S + " s of calm"));
        return Math.max(LEAST_USUAL_MS, 2 * slowest);
    }

    /** A kill in each minute, and samples all along. */
    private void disturb() throws Exception {
        Vitals vitals = new Vitals(run.directory());
        double everyS = Math.min(60, Math.max(15, soakS / 36.0));
        double sample = everyS / 2;
        double kill = 5 + run.random().nextInt(20);
        while (second() < soakS) {
            if (second() >= kill) {
                kill();
                kill = 60.0 * kills.size() + 5 + run.random().nextInt(20);
            }
            if (second() >= sample) {
                sample(vitals);
                sample += everyS;
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private double second() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private void kill() throws Exception {
        List<RoleStatus> roles = ClusterControl.status(data).orElseThrow().roles();
        String role = roles.get(run.random().nextInt(roles.size())).role().name();
        ClusterFaults.awaitUp(data, role);
        kills.add(new Kill(role, System.currentTimeMillis()));
        ClusterFaults.kill(run, data, role);
    }

    /** Of several processes of a kind the fullest counts: work moves from one TaskManager to the other with each kill. */
    private void sample(Vitals vitals) throws IOException, InterruptedException {
        ClusterState cluster = ClusterControl.status(data).orElseThrow();
        Map<String, Map<Measure, Double>> fullest = new TreeMap<>();
        vitals.of(cluster.supervisor()).ifPresent(held -> fullest.put("supervisor", held));
        for (RoleStatus role : cluster.roles()) {
            // A young process is still on its way to what it holds.
            long age = System.currentTimeMillis() - role.startedMillis();
            if (role.state() == RoleState.UP && age > YOUNG.toMillis()) {
                Map<Measure, Double> kind = fullest.computeIfAbsent(
                        role.role().kind().name().toLowerCase(Locale.ROOT), k -> new EnumMap<>(Measure.class));
                vitals.of(role.pid())
                        .ifPresent(held -> held.forEach((measure, value) -> kind.merge(measure, value, Math::max)));
            }
        }
        fullest.forEach((kind, held) -> held.forEach((measure, value) -> health.add(measure, kind, second(), value)));
        for (String state : List.of("checkpoints", "ledger")) {
            health.add(
                    Measure.STATE,
                    state,
                    second(),
                    Vitals.mebibytes(data.resolve(state).resolve(run.stream())));
        }
    }

    private void tellLatency(long usualMillis) {
        List<String> each = new ArrayList<>();
        int inTime = 0;
        for (int i = 0; i < kills.size(); i++) {
            long from = kills.get(i).atMillis();
            long to = i + 1 < kills.size() ? kills.get(i + 1).atMillis() : startMillis + 1_000 * soakS;
            OptionalLong back = run.watch().latency(l -> l.back(from, to, usualMillis, STAYS_S));
            OptionalLong worst = run.watch().latency(l -> l.worst(from, to));
            inTime += back.isPresent() && back.getAsLong() <= BACK_WITHIN_S ? 1 : 0;
            each.add(String.format(
                    Locale.ROOT,
                    "%s %s (%.1f s)",
                    kills.get(i).role(),
                    back.isPresent() ? back.getAsLong() + " s" : "not before the next",
                    worst.orElse(0) / 1e3));
        }
        run.explain(String.format(
                Locale.ROOT,
                "latency was as usual (%.1f s at most) again within %d s of %d of %d kills; each, with the slowest record: %s",
                usualMillis / 1e3,
                BACK_WITHIN_S,
                inTime,
                kills.size(),
                String.join(", ", each)));
        if (inTime < kills.size()) {
            run.problem("latency was not as usual within " + BACK_WITHIN_S + " s of " + (kills.size() - inTime) + " of "
                    + kills.size() + " kills");
        }
    }
}
