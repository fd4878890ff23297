package io.winnow.hygiene.breaker;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Words in memory; all copies with the same name hear the same. One waits at a time. */
public final class InMemoryGoAheads implements GoAheads {
    private static final long serialVersionUID = 1;
    private static final Map<String, Words> WORDS = new ConcurrentHashMap<>();

    private final String name;

    private static final class Words {
        private long said;
        private @Nullable Runnable waiting;
    }

    public InMemoryGoAheads(String name) {
        this.name = name;
    }

    private Words words() {
        return WORDS.computeIfAbsent(name, n -> new Words());
    }

    /** Says it. */
    public void say() {
        Words words = words();
        Runnable heard;
        synchronized (words) {
            words.said++;
            heard = words.waiting;
            words.waiting = null;
        }
        if (heard != null) {
            heard.run();
        }
    }

    @Override
    public long end() {
        return words().said;
    }

    @Override
    public Watch watch(long from, Runnable onGoAhead, Consumer<Throwable> onFailure) {
        Words words = words();
        synchronized (words) {
            if (words.said <= from) {
                words.waiting = onGoAhead;
                return () -> {};
            }
        }
        onGoAhead.run();
        return () -> {};
    }
}
