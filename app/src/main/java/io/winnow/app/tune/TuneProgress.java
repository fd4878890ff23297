package io.winnow.app.tune;

import io.winnow.app.terminal.Terminal;
import io.winnow.trainer.search.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.function.Consumer;

/** How far a search is: a bar of its time on a terminal, plain lines elsewhere. */
public final class TuneProgress implements Consumer<Attempt> {
    private static final int BAR = 24;

    private final Terminal terminal;
    private final Duration time;
    private final InstantSource clock;
    private final Instant start;
    private double best = Double.POSITIVE_INFINITY;
    private double standard = Double.NaN;

    /** Begins now. */
    public TuneProgress(Terminal terminal, Duration time, InstantSource clock) {
        this.terminal = terminal;
        this.time = time;
        this.clock = clock;
        this.start = clock.instant();
    }

    @Override
    public void accept(Attempt attempt) {
        if (attempt.isFull()) {
            best = Math.min(best, attempt.loss());
            standard = attempt.phase() == Attempt.Phase.GIVEN ? attempt.loss() : standard;
        }
        terminal.progress(text(attempt, Duration.between(start, clock.instant())));
    }

    String text(Attempt attempt, Duration spent) {
        int full = (int) Math.min(BAR, BAR * spent.toMillis() / Math.max(1, time.toMillis()));
        String state = Double.isFinite(best)
                ? String.format(Locale.ROOT, "best %.5g, standard %.5g", best, standard)
                : String.format(Locale.ROOT, "%.5g on %.0f %% of the budget", attempt.loss(), 100 * attempt.share());
        return "tune [" + "=".repeat(full) + " ".repeat(BAR - full) + "] " + clock(spent) + " of " + clock(time)
                + ", attempt " + (attempt.number() + 1) + ", " + state;
    }

    private static String clock(Duration time) {
        return String.format(Locale.ROOT, "%d:%02d", time.toMinutes(), time.toSecondsPart());
    }
}
