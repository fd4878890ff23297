package io.winnow.hygiene.kafka;

import io.winnow.core.hygiene.Profile;
import java.lang.ref.WeakReference;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The profiles that somebody in this process uses, by their hash. To make a profile's tables ready takes milliseconds: the
 * merger has done so when it publishes one, and one judge's reader when another's comes to the same bytes. Holds nothing
 * that nobody else does.
 */
final class KnownProfiles {
    private static final int MOST = 64;

    private final Map<String, WeakReference<Profile>> byHash = new LinkedHashMap<>();

    /** Notes a profile. */
    synchronized void add(Profile profile) {
        byHash.put(profile.hash(), new WeakReference<>(profile));
        byHash.values().removeIf(known -> known.get() == null);
        if (byHash.size() > MOST) {
            byHash.remove(byHash.keySet().iterator().next());
        }
    }

    /**
     * The profile that is encoded so. Whoever comes second waits, and finds it.
     *
     * @throws IllegalArgumentException if the bytes are no profile
     */
    synchronized Profile decode(byte[] encoded) {
        Profile known = find(Profile.hash(encoded));
        if (known != null) {
            return known;
        }
        Profile decoded = Profile.decode(encoded);
        add(decoded);
        return decoded;
    }

    private @Nullable Profile find(String hash) {
        WeakReference<Profile> known = byHash.get(hash);
        return known == null ? null : known.get();
    }
}
