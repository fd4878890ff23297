package io.winnow.app.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Waits until partitions have leaders. A topic that was just made is known to the broker that made it a moment before
 * it is known everywhere; a producer that comes earlier may have its first batch refused and its second taken, and then
 * lose the first to a gap in the sequence.
 */
public final class Leaders {
    private static final long AGAIN_MS = 50;

    private Leaders() {}

    /**
     * Returns once all of these partitions have a leader.
     *
     * @throws ExecutionException if Kafka refuses to say; its cause is Kafka's
     * @throws TimeoutException if some have none for that long
     * @throws InterruptedException if interrupted
     */
    public static void await(Admin admin, Collection<TopicPartition> partitions, Duration patience)
            throws ExecutionException, TimeoutException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        var asked = partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
        while (true) {
            try {
                admin.listOffsets(asked).all().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                return;
            } catch (ExecutionException e) {
                // The client tries again by itself, but not where a topic is unknown as yet.
                if (!(e.getCause() instanceof RetriableException) || System.nanoTime() >= deadline) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(AGAIN_MS);
            }
        }
    }
}
