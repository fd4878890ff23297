package io.winnow.hygiene.breaker;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Between a subtask's source and its judge: while it is shut, the source has nothing to give. So a stopped judge is idle
 * and not stuck: checkpoints and savepoints are taken, what was judged is committed, and the source's place in Kafka is
 * the first record that was not judged.
 *
 * <p>Source and judge are chained, in one thread, but Flink gives neither a way to reach the other; they meet here, under
 * the name of their attempt at the task.
 */
public final class Gate {
    private static final Map<String, Gate> BY_ATTEMPT = new ConcurrentHashMap<>();
    private static final String ATTEMPT = "<task_attempt_id>";
    private static final CompletableFuture<Void> OPEN = CompletableFuture.completedFuture(null);

    private volatile CompletableFuture<Void> opened = OPEN;

    private Gate() {}

    /**
     * The gate of a task.
     *
     * @param variables of any metric group of the task
     */
    public static Gate of(Map<String, String> variables) {
        String attempt = variables.get(ATTEMPT);
        return attempt == null ? new Gate() : BY_ATTEMPT.computeIfAbsent(attempt, a -> new Gate());
    }

    /** The task is over. */
    public static void forget(Map<String, String> variables) {
        String attempt = variables.get(ATTEMPT);
        if (attempt != null) {
            BY_ATTEMPT.remove(attempt);
        }
    }

    /** The source gives nothing from now on. */
    public void shut() {
        if (isOpen()) {
            opened = new CompletableFuture<>();
        }
    }

    /** The source goes on. */
    public void open() {
        CompletableFuture<Void> waiting = opened;
        opened = OPEN;
        waiting.complete(null);
    }

    /** Whether the source may give records. */
    public boolean isOpen() {
        return opened == OPEN;
    }

    /** Completes when it is open. */
    CompletableFuture<Void> whenOpen() {
        return opened;
    }
}
