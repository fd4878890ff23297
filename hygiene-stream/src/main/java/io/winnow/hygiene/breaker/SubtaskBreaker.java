package io.winnow.hygiene.breaker;

import io.winnow.core.contract.Breaker;
import io.winnow.core.contract.Contract;
import io.winnow.core.hygiene.BreakerCounts;
import io.winnow.core.row.Reason;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One judging subtask's breaker. It looks at this subtask's own records: garbage on one partition stops that partition's
 * subtask, and no other. Once an operator lets it go on, it does not stop again until records have been good in between.
 */
public final class SubtaskBreaker implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(SubtaskBreaker.class);

    private final String stream;
    private final int subtask;
    private final boolean stops;
    private final BreakerCounts counts;
    private final GoAheads goAheads;
    private final Executor mailbox;
    private final Map<String, String> variables;
    private final Gate gate;
    private final Runnable onGoAhead;
    private boolean stopped;
    private long wordsFrom;
    private GoAheads.@Nullable Watch watch;

    /**
     * With nothing counted, and going.
     *
     * @param mailbox runs what is given to it in the subtask's own thread
     * @param metrics the judge's group
     * @param onGoAhead is run in that thread when it goes on
     */
    public SubtaskBreaker(
            Contract contract,
            int subtask,
            GoAheads goAheads,
            Executor mailbox,
            MetricGroup metrics,
            Runnable onGoAhead) {
        Breaker breaker = contract.hygiene().breaker();
        this.stream = contract.stream();
        this.subtask = subtask;
        this.stops = breaker.action() == Breaker.Action.STOP;
        this.counts = new BreakerCounts(breaker);
        this.goAheads = goAheads;
        this.mailbox = mailbox;
        this.variables = metrics.getAllVariables();
        this.gate = Gate.of(variables);
        this.onGoAhead = onGoAhead;
        MetricGroup group = metrics.addGroup("winnow");
        group.gauge("breaker_alarm", (Gauge<Integer>) () -> counts.isAlarm() ? 1 : 0);
        group.gauge("breaker_stopped", (Gauge<Integer>) () -> stopped ? 1 : 0);
    }

    /**
     * Goes on from a checkpoint. Where the parallelism has changed, partitions have changed hands, and counts mean nothing
     * any more; but if anybody was stopped, all are.
     *
     * @param memories of all subtasks
     * @param subtasks how many there are now
     */
    public void restore(Iterable<BreakerMemory> memories, int subtasks) {
        int found = 0;
        BreakerMemory own = null;
        BreakerMemory waiting = null;
        for (BreakerMemory memory : memories) {
            found++;
            own = memory.subtask() == subtask ? memory : own;
            boolean earlier = waiting == null || memory.wordsFrom() < waiting.wordsFrom();
            waiting = memory.stopped() && earlier ? memory : waiting;
        }
        BreakerMemory chosen = found == subtasks ? own : waiting;
        if (chosen == null) {
            return;
        }
        counts.restore(chosen.counts());
        if (chosen.stopped() && stops) {
            stopped = true;
            wordsFrom = chosen.wordsFrom();
            gate.shut();
            say();
            watch = listen();
        }
    }

    /** What to restore. */
    public BreakerMemory snapshot() {
        return new BreakerMemory(subtask, counts.snapshot(), stopped, wordsFrom);
    }

    /**
     * One more record is judged.
     *
     * @param reason null if it was accepted
     */
    public void note(@Nullable Reason reason) {
        if (counts.note(reason)) {
            turned();
        }
    }

    /** Whether nothing is to be judged. */
    public boolean isStopped() {
        return stopped;
    }

    private void turned() {
        if (!counts.isAlarm()) {
            LOGGER.info("stream {}, subtask {}: the alarm has ended, {}", stream, subtask, counts.describe());
            return;
        }
        if (stops) {
            wordsFrom = goAheads.end();
            stopped = true;
            gate.shut();
            watch = listen();
        }
        say();
    }

    private void say() {
        if (stopped) {
            LOGGER.error(
                    "stream {}, subtask {}: judging has stopped, for nearly everything is bad ({}); records wait in Kafka:"
                            + " mend their source, then 'winnow go-ahead --stream {}' lets it go on",
                    stream,
                    subtask,
                    counts.describe(),
                    stream);
        } else {
            LOGGER.error(
                    "stream {}, subtask {}: nearly everything is bad ({}); mend its source",
                    stream,
                    subtask,
                    counts.describe());
        }
    }

    private GoAheads.Watch listen() {
        return goAheads.watch(
                wordsFrom,
                () -> mailbox.execute(this::goOn),
                failure -> mailbox.execute(() -> {
                    throw new IllegalStateException("whether the stream is to go on cannot be read", failure);
                }));
    }

    private void goOn() {
        if (!stopped) {
            return;
        }
        LOGGER.info("stream {}, subtask {}: judging goes on, as an operator has said", stream, subtask);
        stopped = false;
        gate.open();
        onGoAhead.run();
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
        Gate.forget(variables);
    }
}
