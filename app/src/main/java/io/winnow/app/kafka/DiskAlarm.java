package io.winnow.app.kafka;

import java.util.Locale;
import java.util.Optional;

/** Says once that a share of the disk is nearly used up, and again only after it was not for a while. */
final class DiskAlarm {
    private static final double ALARM = 0.90;
    /** Below this it may sound again: usage that swings about the limit is one alarm. */
    private static final double CALM = 0.85;

    private final DiskShare share;
    private boolean sounded;

    DiskAlarm(DiskShare share) {
        this.share = share;
    }

    /** Looks once; the line to say, if there is one. */
    Optional<String> look() {
        long used = share.usedBytes();
        double filled = (double) used / share.capBytes();
        if (filled < CALM) {
            sounded = false;
        }
        if (sounded || filled < ALARM) {
            return Optional.empty();
        }
        sounded = true;
        return Optional.of(String.format(
                Locale.ROOT,
                "records take %,d MiB, %.0f %% of the %,d MiB in %s; soon the oldest are removed, judged or not: review"
                        + " quarantined ones now, or send less",
                used >> 20,
                100 * filled,
                share.capBytes() >> 20,
                share.log()));
    }
}
