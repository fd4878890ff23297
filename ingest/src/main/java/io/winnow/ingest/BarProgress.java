package io.winnow.ingest;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar with bytes, time left and rate; notes follow when it is done, so that they do not tear it. */
final class BarProgress implements Progress {
    private final PrintStream out;
    private final MonotonicTime time;
    private final long start;
    private final ProgressBar bar;
    private final List<String> notes = new ArrayList<>();

    BarProgress(PrintStream out, MonotonicTime time) {
        this.out = out;
        this.time = time;
        this.start = time.nanos();
        this.bar = new ProgressBarBuilder()
                .setTaskName("ingest")
                .setInitialMax(-1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUnit(" MiB", 1 << 20)
                .setUpdateIntervalMillis(200)
                .setConsumer(new ConsoleProgressBarConsumer(out) {
                    @Override
                    public void close() {
                        // The library calls this only for a bar that lived long enough to be drawn twice; the line is
                        // ended below, for all.
                    }
                })
                .build();
    }

    @Override
    public void at(Position p) {
        bar.maxHint(p.bytesTotal());
        bar.stepTo(p.bytesRead());
        double seconds = Math.max(1e-3, (time.nanos() - start) / 1e9);
        bar.setExtraMessage(
                String.format(Locale.ROOT, " %,d records, %,.0f records/s", p.records(), p.records() / seconds));
    }

    @Override
    public void note(String line) {
        notes.add(line);
    }

    @Override
    public void close() {
        bar.close();
        out.println();
        notes.forEach(out::println);
        out.flush();
    }
}
