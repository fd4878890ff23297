package io.winnow.app.demo;

import io.winnow.app.Failure;
import io.winnow.core.topic.StreamTopics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * Keeps the sender from running ahead of what the stream's profiles can follow. The demo's grid lives through a day in a
 * fraction of a second, a real one gives its profiles a day for that: on a busy machine, records of several simulated days
 * would all be judged by the profile of the first night.
 */
final class ProfileFollower implements AutoCloseable {
    /** Records for each profile, at most, while the stream is young: two thirds of a simulated day. */
    private static final int YOUNG_RECORDS = 256;
    /** And later: some two days and a half. */
    private static final int RECORDS = 1_000;

    private static final Duration STEP = Duration.ofMillis(20);
    /** Profiles come less often on a stream that has run for long: then nobody waits for them. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final TopicPartition profiles;
    private final Admin admin;
    private long newest;
    private long sentAtNewest;

    ProfileFollower(StreamTopics topics, Map<String, String> kafka) {
        profiles = new TopicPartition(topics.profiles(), 0);
        admin = Admin.create(new HashMap<>(kafka));
        newest = end();
    }

    /**
     * Returns when record {@code n} may go out.
     *
     * @param young whether the stream is
     * @param meanwhile is run again and again with the time that there is for it
     */
    void await(long n, boolean young, Consumer<Duration> meanwhile) {
        if (n - sentAtNewest < (young ? YOUNG_RECORDS : RECORDS)) {
            return;
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long before = newest;
        for (newest = end(); newest == before && System.nanoTime() < deadline; newest = end()) {
            meanwhile.accept(STEP);
        }
        sentAtNewest = n;
    }

    private long end() {
        try {
            return admin.listOffsets(Map.of(profiles, OffsetSpec.latest()))
                    .partitionResult(profiles)
                    .get()
                    .offset();
        } catch (ExecutionException e) {
            throw new Failure("the end of topic " + profiles.topic() + " cannot be read: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted while records were sent", e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
