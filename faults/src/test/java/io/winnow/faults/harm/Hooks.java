package io.winnow.faults.harm;

import io.winnow.faults.harm.Moment.Point;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What is done at which moment, by stream: the job's operators and the run that harms them are in one process. */
public final class Hooks {
    private static final Map<String, Hooks> BY_STREAM = new ConcurrentHashMap<>();

    private final Hook hook;
    private final Map<Point, AtomicLong> counts = new ConcurrentHashMap<>();

    private Hooks(Hook hook) {
        this.hook = hook;
    }

    /** Told of every moment, from the job's threads; what it throws, the operator throws. */
    public interface Hook {
        /** May throw, wait, or do harm elsewhere. */
        void at(Moment moment) throws IOException, InterruptedException;
    }

    /** From now on this hook is told of the moments of a stream's job. */
    public static void set(String stream, Hook hook) {
        BY_STREAM.put(stream, new Hooks(hook));
    }

    /** No hook is told any more. */
    public static void clear(String stream) {
        BY_STREAM.remove(stream);
    }

    static void tell(String stream, Point point, String end, int subtask, List<String> transactions)
            throws IOException, InterruptedException {
        Hooks hooks = BY_STREAM.get(stream);
        if (hooks != null) {
            long count =
                    hooks.counts.computeIfAbsent(point, p -> new AtomicLong()).incrementAndGet();
            hooks.hook.at(new Moment(point, end, subtask, count, transactions));
        }
    }
}
