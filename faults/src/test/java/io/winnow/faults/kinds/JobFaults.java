package io.winnow.faults.kinds;

import io.winnow.faults.FaultKind;
import io.winnow.faults.harm.Hooks;
import io.winnow.faults.harm.InjectedFailure;
import io.winnow.faults.harm.Moment;
import io.winnow.faults.harm.Moment.Point;
import io.winnow.faults.result.Outcome;
import io.winnow.faults.world.Run;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Tasks, commits, TaskManagers and jobs that fail, in a Flink of this process. */
final class JobFaults {
    static final int RECORDS = 16_000;
    static final int RATE = 4_000;

    static final List<FaultKind> KINDS = List.of(
            new FaultKind(
                    "task-fails-writing",
                    "a task fails at a random record, three times",
                    3,
                    run -> failing(run, Point.WRITE, 3, RECORDS / 4)),
            new FaultKind(
                    "task-fails-before-pre-commit",
                    "a task fails as a checkpoint reaches its sink, twice",
                    2,
                    run -> failing(run, Point.BEFORE_PRE_COMMIT, 2, 8)),
            new FaultKind(
                    "task-fails-after-pre-commit",
                    "a task fails when its transaction is flushed and the checkpoint is not complete, twice",
                    3,
                    run -> failing(run, Point.AFTER_PRE_COMMIT, 2, 8)),
            new FaultKind(
                    "commit-fails",
                    "a committer fails between pre-commit and commit",
                    50,
                    run -> failing(run, Point.BEFORE_COMMIT, 1, 6)),
            new FaultKind(
                    "commit-fails-late",
                    "a committer fails when Kafka has committed and Flink does not know it, so that it commits again; twice",
                    3,
                    run -> failing(run, Point.AFTER_COMMIT, 2, 5)),
            new FaultKind(
                    "commit-fails-halfway",
                    "a task fails when one of its two sinks has committed and the other has not, twice",
                    3,
                    JobFaults::halfway),
            new FaultKind(
                    "taskmanager-lost",
                    "the only TaskManager ends at a random moment and another comes, three times",
                    3,
                    JobFaults::taskManagerLost),
            new FaultKind(
                    "cold-start-interrupted",
                    "the TaskManager ends while the first rows of an empty stream wait for a profile",
                    3,
                    JobFaults::coldStart),
            new FaultKind(
                    "job-cancelled",
                    "the job is cancelled without a savepoint and submitted again, three times",
                    2,
                    JobFaults::cancelled),
            new FaultKind(
                    "job-rescaled",
                    "the job is stopped with a savepoint and goes on at parallelism 2, 4, 1",
                    2,
                    JobFaults::rescaled));

    private JobFaults() {}

    /** Throws at the first moment of this point beyond a random count, a few times. */
    private static Outcome failing(Run run, Point point, int times, int spread) throws Exception {
        AtomicInteger left = new AtomicInteger(times);
        AtomicLong next = new AtomicLong(1 + run.random().nextInt(spread));
        long step = 1 + run.random().nextInt(spread);
        Hooks.set(run.stream(), moment -> {
            if (moment.point() == point
                    && isAboutRecords(moment)
                    && moment.count() >= next.get()
                    && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                next.set(moment.count() + step);
                run.harmed();
                throw new InjectedFailure(moment);
            }
        });
        run.begin(records(times), RATE);
        Outcome outcome = run.settle();
        if (left.get() > 0) {
            run.problem(left.get() + " failures of " + times + " never came");
        }
        return run.told(outcome);
    }

    /** Each failure takes a second or more to recover from; there must be something left to harm. */
    private static int records(int times) {
        return times * RECORDS / 2;
    }

    private static boolean isAboutRecords(Moment moment) {
        boolean commit = moment.point() == Point.BEFORE_COMMIT || moment.point() == Point.AFTER_COMMIT;
        return !commit || !moment.transactions().isEmpty();
    }

    private static Outcome halfway(Run run) throws Exception {
        Map<Integer, String> committed = new ConcurrentHashMap<>();
        AtomicInteger left = new AtomicInteger(2);
        Hooks.set(run.stream(), moment -> {
            if (moment.point() == Point.AFTER_PRE_COMMIT) {
                committed.remove(moment.subtask());
            } else if (moment.point() == Point.AFTER_COMMIT && isAboutRecords(moment)) {
                committed.put(moment.subtask(), moment.end());
            } else if (moment.point() == Point.BEFORE_COMMIT && isAboutRecords(moment)) {
                String other = committed.get(moment.subtask());
                if (other != null && !other.equals(moment.end()) && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                    committed.clear();
                    run.harmed();
                    throw new InjectedFailure(moment);
                }
            }
        });
        run.begin(RECORDS, RATE);
        Outcome outcome = run.settle();
        if (left.get() > 0) {
            run.problem("no commit was caught halfway");
        }
        return run.told(outcome);
    }

    private static Outcome taskManagerLost(Run run) throws Exception {
        run.begin(3 * RECORDS / 2, RATE);
        for (int i = 0; i < 3; i++) {
            run.awaitSome((long) i * RECORDS / 2, RECORDS / 4);
            run.harmed();
            run.world().flink().replaceTaskManager();
        }
        return run.settle();
    }

    private static Outcome coldStart(Run run) throws Exception {
        run.makeTopics();
        run.watch();
        var job = run.submit(2);
        run.send(100 + run.random().nextInt(100), 400);
        Thread.sleep(run.random().nextInt(900));
        run.harmed();
        run.world().flink().replaceTaskManager();
        run.world().flink().awaitRunning(job);
        run.awaitSent();
        run.send(2_000, 2_000);
        return run.settle();
    }

    private static Outcome cancelled(Run run) throws Exception {
        run.makeTopics();
        run.watch();
        run.send(3 * RECORDS / 2, RATE);
        for (int i = 0; i < 3; i++) {
            var job = run.submit(2);
            run.awaitSome((long) i * RECORDS / 2, RECORDS / 4);
            run.harmed();
            run.world().flink().cancel(job);
        }
        run.submit(2);
        return run.settle();
    }

    private static Outcome rescaled(Run run) throws Exception {
        run.partitions(4).makeTopics();
        run.watch();
        run.send(3 * RECORDS / 2, RATE);
        String savepoint = null;
        for (int parallelism : new int[] {2, 4}) {
            var job = run.submit(parallelism, savepoint);
            run.awaitVerdicts(parallelism * (long) RECORDS / 8 + run.random().nextInt(RECORDS / 4));
            run.harmed();
            savepoint = run.world().flink().stop(job, run.directory().resolve("savepoints"));
        }
        run.submit(1, savepoint);
        return run.settle();
    }
}
