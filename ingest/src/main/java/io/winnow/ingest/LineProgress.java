package io.winnow.ingest;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A plain line every five seconds: for logs. */
final class LineProgress implements Progress {
    private static final long EVERY = TimeUnit.SECONDS.toNanos(5);

    private final PrintStream out;
    private final MonotonicTime time;
    private final long start;
    private long last;
    private long lastRecords;

    LineProgress(PrintStream out, MonotonicTime time) {
        this.out = out;
        this.time = time;
        this.start = time.nanos();
        this.last = start;
    }

    @Override
    public void at(Position p) {
        long now = time.nanos();
        if (now - last < EVERY) {
            return;
        }
        double rate = (p.records() - lastRecords) * 1e9 / (now - last);
        String share = "";
        if (p.bytesTotal() > 0 && p.bytesRead() > 0) {
            double done = Math.min(1, p.bytesRead() / (double) p.bytesTotal());
            share = String.format(
                    Locale.ROOT, ", %.0f %%, %s left", 100 * done, duration((now - start) * (1 - done) / done));
        }
        out.printf(Locale.ROOT, "%,d records, %,.0f records/s%s%n", p.records(), rate, share);
        last = now;
        lastRecords = p.records();
    }

    private static String duration(double nanos) {
        long seconds = Math.round(nanos / 1e9);
        return seconds < 60 ? seconds + " s" : seconds / 60 + " min " + seconds % 60 + " s";
    }

    @Override
    public void note(String line) {
        out.println(line);
    }

    @Override
    public void close() {
        out.flush();
    }
}
