package io.winnow.faults.health;

/** What is looked at over a long run, and how much more of it at the end still counts as flat. */
public enum Measure {
    /** MiB of heap that are left after a full collection. */
    HEAP("heap after collection, MiB", 0.15, 4),
    /** MiB of classes. */
    METASPACE("metaspace, MiB", 0.1, 2),
    /** Open files and sockets, without the segments of Kafka's logs, which are as many as is kept. */
    FILES("open files", 0.1, 8),
    /** Threads. */
    THREADS("threads", 0.1, 5),
    /** MiB on disk. */
    STATE("on disk, MiB", 0.2, 2);

    private final String label;
    private final double share;
    private final double more;

    Measure(String label, double share, double more) {
        this.label = label;
        this.share = share;
        this.more = more;
    }

    /** What it is, with its unit. */
    public String label() {
        return label;
    }

    /** Whether what came later is no more than what came before, but for noise. */
    public boolean isFlat(double before, double later) {
        return later <= before * (1 + share) + more;
    }

    /** What {@link #isFlat} puts up with. */
    public String tolerance() {
        return String.format(java.util.Locale.ROOT, "%.0f %% and %.0f", 100 * share, more);
    }
}
