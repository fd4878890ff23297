package io.winnow.monitoring.topology;

import io.winnow.core.hygiene.ProfileHead;
import io.winnow.core.hygiene.Regime;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The profiles of a stream one after another, as far back as the last that showed no sign of a change: it tells when a
 * change of regime begins and ends, and which profiles judged while it lasted. A change shows in a profile only when rows
 * have been refused for a while, so those just before it belong to it too.
 *
 * @param changing whether the newest profile says so
 * @param since when the oldest of these profiles was published, milliseconds since 1970
 * @param profiles their names ({@link Change#name}), oldest first
 */
record ProfileLine(boolean changing, long since, List<Long> profiles) {
    /** Before any profile. */
    static final ProfileLine EMPTY = new ProfileLine(false, 0, List.of());

    /** Profiles that may lie between the last calm one and the alarm. */
    private static final int BEFORE = 64;
    /** More than a month of them, at one a minute: longer than quarantined records are kept. */
    private static final int DURING = 1 << 16;

    /**
     * The next state, and what the desk is told.
     *
     * @param after from now on
     * @param change null where nothing began or ended
     */
    record Next(ProfileLine after, @Nullable Change change) {}

    ProfileLine {
        profiles = List.copyOf(profiles);
    }

    /**
     * A profile was published.
     *
     * @param name of the profile
     * @param at when, milliseconds since 1970
     * @param encoded all of it
     */
    Next published(long name, ProfileHead head, long at, byte[] encoded) {
        if (profiles.contains(name)) {
            // A job that was restored publishes again what it goes on from.
            return new Next(this, null);
        }
        boolean changes = head.regime() == Regime.CHANGING;
        if (changes) {
            long began = profiles.isEmpty() ? at : since;
            return new Next(new ProfileLine(true, began, with(name, DURING)), changing ? null : Change.begins(began));
        }
        ProfileLine alone = new ProfileLine(false, at, List.of(name));
        if (changing) {
            return new Next(alone, new Change(since, at, Set.copyOf(profiles), encoded));
        }
        boolean calm = head.isCalm() || profiles.isEmpty();
        return new Next(calm ? alone : new ProfileLine(false, since, with(name, BEFORE)), null);
    }

    private List<Long> with(long name, int most) {
        List<Long> all = new ArrayList<>(profiles);
        all.add(name);
        return all.subList(Math.max(0, all.size() - most), all.size());
    }

    byte[] encode() {
        ByteBuffer bytes = ByteBuffer.allocate(1 + 8 + 8 * profiles.size())
                .put((byte) (changing ? 1 : 0))
                .putLong(since);
        profiles.forEach(bytes::putLong);
        return bytes.array();
    }

    static ProfileLine decode(byte[] encoded) {
        ByteBuffer bytes = ByteBuffer.wrap(encoded);
        boolean changing = bytes.get() == 1;
        long since = bytes.getLong();
        List<Long> profiles = new ArrayList<>();
        while (bytes.hasRemaining()) {
            profiles.add(bytes.getLong());
        }
        return new ProfileLine(changing, since, profiles);
    }
}
