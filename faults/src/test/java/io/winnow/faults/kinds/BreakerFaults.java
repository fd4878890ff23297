package io.winnow.faults.kinds;

import io.winnow.app.Winnow;
import io.winnow.faults.FaultKind;
import io.winnow.faults.count.Rows;
import io.winnow.faults.result.Outcome;
import io.winnow.faults.world.Patience;
import io.winnow.faults.world.Run;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;

/** A stream that turns nearly all bad, so that the breaker trips, and a TaskManager that is lost meanwhile. */
final class BreakerFaults {
    private static final int RECORDS = 24_000;
    private static final int RATE = 2_500;
    private static final int BAD_FROM = 4_000;
    private static final int BAD_TO = 20_000;
    private static final int SUBTASKS = 2;
    /** Several checkpoints. */
    private static final Duration QUIET = Duration.ofSeconds(3);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    static final List<FaultKind> KINDS = List.of(
            new FaultKind(
                    "breaker-stops",
                    "nearly all records turn bad and the breaker stops judging; the TaskManager ends before that and"
                            + " meanwhile; then 'winnow go-ahead'",
                    2,
                    BreakerFaults::stops),
            new FaultKind(
                    "breaker-goes-on",
                    "nearly all records turn bad and the breaker says so and goes on; the TaskManager ends meanwhile",
                    2,
                    BreakerFaults::goesOn));

    private BreakerFaults() {}

    private static JobID begin(Run run, String action) throws Exception {
        return run.rows(Rows.garbageBetween(run.seed(), BAD_FROM, BAD_TO))
                .rules("hygiene: {breaker: {share: 0.9, action: " + action + "}}")
                .begin(RECORDS, RATE);
    }

    private static Outcome stops(Run run) throws Exception {
        JobID job = begin(run, "stop");
        run.awaitSome(BAD_FROM, 500);
        run.harmed();
        run.world().flink().replaceTaskManager();
        awaitStopped(run, job);
        long judged = awaitQuiet(run);
        long start = System.nanoTime();
        run.world().flink().replaceTaskManager();
        run.world().flink().awaitRunning(job);
        awaitStopped(run, job);
        run.harmed((System.nanoTime() - start) / 1e9);
        run.awaitSent();
        long later = awaitQuiet(run);
        if (later != judged) {
            run.problem((later - judged) + " records were judged while it was stopped");
        }
        if (judged >= RECORDS) {
            run.problem("the breaker stopped nothing");
        }
        int status = Winnow.run(
                "go-ahead",
                "--stream",
                run.stream(),
                "--bootstrap",
                String.valueOf(run.kafka().get("bootstrap.servers")));
        if (status != 0) {
            run.problem("winnow go-ahead ended with " + status);
        }
        run.explain("judging stopped after " + judged
                + " records, stayed so through the loss of the TaskManager, and went" + " on at an operator's word");
        return run.settle();
    }

    /** Each subtask has a breaker, and trips at the same record again after a restart. */
    private static void awaitStopped(Run run, JobID job) throws Exception {
        Patience.await(
                "the breaker has stopped all subtasks",
                PATIENCE,
                () -> run.world().flink().gauge(job, "breaker_stopped") == SUBTASKS);
    }

    /** Waits until what was judged is committed; how many records that are. */
    private static long awaitQuiet(Run run) throws Exception {
        long before;
        long now = run.watch().seen();
        do {
            before = now;
            TimeUnit.MILLISECONDS.sleep(QUIET.toMillis());
            now = run.watch().seen();
        } while (now != before);
        return now;
    }

    private static Outcome goesOn(Run run) throws Exception {
        JobID job = begin(run, "alarm");
        Patience.await(
                "the breaker gives an alarm",
                PATIENCE,
                () -> run.world().flink().gauge(job, "breaker_alarm") > 0);
        run.harmed();
        run.world().flink().replaceTaskManager();
        run.explain("the alarm was given, and records were judged on");
        return run.settle();
    }
}
