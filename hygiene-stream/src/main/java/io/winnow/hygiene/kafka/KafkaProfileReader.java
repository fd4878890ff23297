package io.winnow.hygiene.kafka;

import io.winnow.core.hygiene.Profile;
import io.winnow.hygiene.profile.ProfileChannel.Published;
import io.winnow.hygiene.profile.ProfileChannel.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads {@code S.profiles} backwards to find one, and from its end on to follow. */
final class KafkaProfileReader implements Reader {
    private static final Logger LOGGER = LoggerFactory.getLogger(KafkaProfileReader.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(500);
    /** The topic keeps every profile for ever: the wanted one is near the end, so steps back grow from here. */
    private static final long FIRST_STEP_BACK = 8;

    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final String contractHash;
    private final KnownProfiles known;
    private final long begin;
    private final long end;
    private volatile boolean closed;
    /** A topic full of another version's profiles must not fill the log. */
    private boolean warned;

    private @Nullable Thread follower;

    KafkaProfileReader(
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
            String topic,
            String contractHash,
            KnownProfiles known) {
        this.consumer = consumer;
        this.partition = new TopicPartition(topic, KafkaProfileChannel.PARTITION);
        this.contractHash = contractHash;
        this.known = known;
        List<TopicPartition> one = List.of(partition);
        try {
            consumer.assign(one);
            begin = consumer.beginningOffsets(one, PATIENCE).getOrDefault(partition, 0L);
            end = consumer.endOffsets(one, PATIENCE).getOrDefault(partition, 0L);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    @Override
    public @Nullable Published find(String hash, long offset) {
        Predicate<ConsumerRecord<byte[], byte[]>> wanted = record -> hash.equals(key(record));
        Published there = offset < begin || offset >= end ? null : last(offset, offset + 1, wanted);
        return there != null ? there : lastOf(wanted);
    }

    @Override
    public @Nullable Published newest() {
        return lastOf(record -> true);
    }

    private @Nullable Published lastOf(Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        long to = end;
        for (long step = FIRST_STEP_BACK; to > begin; step *= 2) {
            long from = Math.max(begin, to - step);
            Published found = last(from, to, wanted);
            if (found != null) {
                return found;
            }
            to = from;
        }
        return null;
    }

    /** The last profile of the contract at offsets {@code [from, to)} that is wanted. */
    private @Nullable Published last(long from, long to, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        Published found = null;
        consumer.seek(partition, from);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(partition, PATIENCE) < to) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                Published published = record.offset() < to && wanted.test(record) ? decode(record) : null;
                found = published == null ? found : published;
                deadline = System.nanoTime() + PATIENCE.toNanos();
            }
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(partition + " gave no profile for " + PATIENCE.toSeconds() + " s");
            }
        }
        return found;
    }

    private @Nullable Published decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (record.value() != null) {
                Profile profile = known.decode(record.value());
                if (profile.contractHash().equals(contractHash)) {
                    return new Published(profile, record.offset());
                }
            }
        } catch (RuntimeException e) {
            // Whatever anybody writes to the topic must not end the job.
            if (!warned) {
                warned = true;
                LOGGER.warn(
                        "{} offset {} holds no profile that this version of Winnow can read; it is passed over, and so"
                                + " is every other such one",
                        partition,
                        record.offset());
            }
        }
        return null;
    }

    private static @Nullable String key(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? null : new String(record.key(), StandardCharsets.US_ASCII);
    }

    @Override
    public void follow(Consumer<Published> onProfile, Consumer<Throwable> onFailure) {
        Thread thread = new Thread(() -> run(onProfile, onFailure), "winnow-profiles-" + partition.topic());
        thread.setDaemon(true);
        follower = thread;
        thread.start();
    }

    private void run(Consumer<Published> onProfile, Consumer<Throwable> onFailure) {
        try {
            consumer.seek(partition, end);
            while (!closed) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    Published published = decode(record);
                    if (published != null) {
                        onProfile.accept(published);
                    }
                }
            }
        } catch (WakeupException | RejectedExecutionException e) {
            LOGGER.debug("done with {}", partition);
        } catch (KafkaException e) {
            report(e, onFailure);
        } finally {
            consumer.close();
        }
    }

    private void report(KafkaException failure, Consumer<Throwable> onFailure) {
        if (closed) {
            return;
        }
        try {
            onFailure.accept(failure);
        } catch (RejectedExecutionException e) {
            LOGGER.debug("nobody waits for {} any more", partition);
        }
    }

    @Override
    public void close() {
        closed = true;
        if (follower == null) {
            consumer.close();
        } else {
            consumer.wakeup();
        }
    }
}
