package io.winnow.hygiene.profile;

import io.winnow.core.hygiene.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A channel in this JVM. Copies with the same name, however they were serialized, are the same log. */
public final class InMemoryProfileChannel implements ProfileChannel {
    private static final long serialVersionUID = 1;
    private static final Map<String, Log> LOGS = new ConcurrentHashMap<>();

    private final String name;

    public InMemoryProfileChannel(String name) {
        this.name = name;
    }

    private static final class Log {
        private final List<byte[]> profiles = new ArrayList<>();
        private final List<Consumer<Published>> followers = new ArrayList<>();
    }

    private Log log() {
        return LOGS.computeIfAbsent(name, n -> new Log());
    }

    /** Everything that was appended, repeats included. */
    public List<Profile> all() {
        Log log = log();
        synchronized (log) {
            return log.profiles.stream().map(Profile::decode).toList();
        }
    }

    /** How many were appended. */
    public int size() {
        Log log = log();
        synchronized (log) {
            return log.profiles.size();
        }
    }

    /** The last one that was appended. */
    public Profile newest() {
        Log log = log();
        synchronized (log) {
            return Profile.decode(log.profiles.get(log.profiles.size() - 1));
        }
    }

    @Override
    public Publisher publisher() {
        return new Publisher() {
            @Override
            public void publish(Profile profile) {
                append(profile);
            }

            @Override
            public void close() {}
        };
    }

    /** Appends a profile. */
    public void append(Profile profile) {
        Log log = log();
        synchronized (log) {
            log.profiles.add(profile.encode());
            Published published = new Published(Profile.decode(profile.encode()), log.profiles.size() - 1);
            log.followers.removeIf(f -> !accepts(f, published));
        }
    }

    private static boolean accepts(Consumer<Published> follower, Published published) {
        try {
            follower.accept(published);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    @Override
    public Reader reader(String contractHash) {
        Log log = log();
        int end;
        synchronized (log) {
            end = log.profiles.size();
        }
        return new Reader() {
            private @Nullable Consumer<Published> mine;

            @Override
            public @Nullable Published find(String hash, long offset) {
                return last(p -> p.hash().equals(hash));
            }

            @Override
            public @Nullable Published newest() {
                return last(p -> true);
            }

            private @Nullable Published last(Predicate<Profile> wanted) {
                synchronized (log) {
                    for (int i = end - 1; i >= 0; i--) {
                        Profile p = Profile.decode(log.profiles.get(i));
                        if (p.contractHash().equals(contractHash) && wanted.test(p)) {
                            return new Published(p, i);
                        }
                    }
                    return null;
                }
            }

            @Override
            public void follow(Consumer<Published> onProfile, Consumer<Throwable> onFailure) {
                synchronized (log) {
                    mine = p -> {
                        if (p.profile().contractHash().equals(contractHash)) {
                            onProfile.accept(p);
                        }
                    };
                    for (int i = end; i < log.profiles.size(); i++) {
                        mine.accept(new Published(Profile.decode(log.profiles.get(i)), i));
                    }
                    log.followers.add(mine);
                }
            }

            @Override
            public void close() {
                synchronized (log) {
                    log.followers.remove(mine);
                }
            }
        };
    }
}
