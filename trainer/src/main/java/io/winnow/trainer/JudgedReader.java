package io.winnow.trainer;

import io.winnow.core.contract.Contract;
import io.winnow.core.model.ModelCard;
import io.winnow.core.topic.StreamTopics;
import io.winnow.trainer.live.Adwin;
import io.winnow.trainer.window.CleanRow;
import io.winnow.trainer.window.LiveWindow;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the clean topic into the window, the quarantined rows that models are judged by, too, and labels where the contract
 * has them come later. No consumer group: the window says what was read.
 */
final class JudgedReader {
    /** The chance that a look at the rows' bits takes noise for a rise. */
    private static final double FALSE_ALARM = 0.002;
    /** Bits from here on count alike: ADWIN wants numbers in 0 … 1. */
    private static final double MOST_BITS = 16;

    private final Consumer<byte[], byte[]> consumer;
    private final String clean;
    private final String quarantine;
    private final String labels;
    private final int windowRows;
    private final CleanRecords records;
    private final LiveWindow window;
    private final Map<TopicPartition, Long> trainedTo = new HashMap<>();
    /** Labels that were read and are not due; null where none may come. */
    private final @Nullable LabelQueue queue;
    /** The Kafka timestamp of each partition's last record. */
    private final Map<TopicPartition, Long> readTo = new HashMap<>();

    /** Watches how surprising hygiene finds what it lets pass. */
    private Adwin surprise = new Adwin(FALSE_ALARM);

    private boolean diverged;
    private @Nullable String profile;

    /**
     * What a poll brought.
     *
     * @param rows added to the window
     * @param fresh of these, rows that the last published model was not made from
     * @param undecodable records left out: released by an operator although they break the contract
     */
    record Polled(int rows, int fresh, int undecodable) {}

    /**
     * A reader.
     *
     * @param trained the last published model, if there is one
     */
    JudgedReader(Consumer<byte[], byte[]> consumer, Contract contract, LiveWindow window, Optional<ModelCard> trained) {
        this.consumer = consumer;
        this.clean = StreamTopics.of(contract).clean();
        this.quarantine = StreamTopics.of(contract).quarantine();
        this.labels = StreamTopics.of(contract).labels();
        this.queue = contract.labels().isPresent() ? new LabelQueue(contract) : null;
        this.windowRows = contract.training().rowsKept();
        this.records = new CleanRecords(contract);
        this.window = window;
        trained.ifPresent(card -> {
            card.window().forEach(r -> trainedTo.put(new TopicPartition(clean, r.partition()), r.end()));
            card.labels().forEach(r -> trainedTo.put(new TopicPartition(labels, r.partition()), r.end()));
        });
    }

    /**
     * Takes the topic's partitions, also those that came since. Whole windows are read again after a restart, no more.
     *
     * @return whether there are any
     */
    boolean assign() {
        List<TopicPartition> all = (queue == null ? Stream.of(clean, quarantine) : Stream.of(clean, quarantine, labels))
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .toList();
        Set<TopicPartition> before = Set.copyOf(consumer.assignment());
        if (before.size() == all.size()) {
            return !all.isEmpty();
        }
        List<TopicPartition> added =
                all.stream().filter(p -> !before.contains(p)).toList();
        // Asked before anything is taken: a failure in between leaves nothing half-done.
        Map<TopicPartition, Long> begin = consumer.beginningOffsets(added);
        Map<TopicPartition, Long> end = consumer.endOffsets(added);
        consumer.assign(all);
        for (TopicPartition p : added) {
            long first = begin.getOrDefault(p, 0L);
            // Quarantined rows are few; those of the holdout are enough.
            int rows = p.topic().equals(quarantine) ? windowRows / 4 : windowRows;
            consumer.seek(p, Math.max(first, end.getOrDefault(p, 0L) - rows));
        }
        return !all.isEmpty();
    }

    /** Waits at most this long for records and adds them to the window. */
    Polled poll(Duration timeout) {
        int rows = 0;
        int fresh = 0;
        int undecodable = 0;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(timeout)) {
            readTo.put(new TopicPartition(record.topic(), record.partition()), record.timestamp());
            if (queue != null && record.topic().equals(labels)) {
                queue.add(record);
                continue;
            }
            boolean aside = record.topic().equals(quarantine);
            CleanRow row = records.decode(record, aside);
            if (row == null) {
                undecodable += aside ? 0 : 1;
                continue;
            }
            window.add(row);
            window.name(row.key(), record.key());
            if (aside) {
                continue;
            }
            String judgedUnder = CleanRecords.profile(record);
            profile = judgedUnder == null ? profile : judgedUnder;
            double bits = CleanRecords.bits(record);
            if (bits >= 0 && row.standing() == CleanRow.Standing.ACCEPTED) {
                diverged |= surprise.add(Math.min(1, bits / MOST_BITS));
            }
            rows++;
            // Where labels may follow, it is they that bring something to learn.
            fresh += (queue == null || row.row().hasTarget()) && isFresh(clean, record.partition(), record.offset())
                    ? 1
                    : 0;
        }
        return new Polled(rows, fresh + (queue == null ? 0 : join(queue)), undecodable);
    }

    private boolean isFresh(String topic, int partition, long offset) {
        return offset >= trainedTo.getOrDefault(new TopicPartition(topic, partition), 0L);
    }

    /** Joins the labels that are due; how many of them the last published model was not made from. */
    private int join(LabelQueue due) {
        int[] fresh = new int[1];
        due.release(
                reached(topic -> !topic.equals(labels)),
                window,
                label -> fresh[0] += isFresh(labels, label.partition(), label.offset()) ? 1 : 0);
        List<TopicPartition> partitions = consumer.assignment().stream()
                .filter(p -> p.topic().equals(labels))
                .toList();
        if (due.full()) {
            consumer.pause(partitions);
        } else {
            consumer.resume(partitions);
        }
        return fresh[0];
    }

    /** Up to which Kafka timestamp all records of these topics have been read; the largest number where nothing is unread. */
    private long reached(Predicate<String> topics) {
        long reached = Long.MAX_VALUE;
        for (TopicPartition p : consumer.assignment()) {
            OptionalLong behind = consumer.currentLag(p);
            if (topics.test(p.topic()) && (behind.isEmpty() || behind.getAsLong() > 0)) {
                reached = Math.min(reached, readTo.getOrDefault(p, Long.MIN_VALUE));
            }
        }
        return reached;
    }

    /**
     * How far the stream is, in epoch milliseconds: every record of a smaller Kafka timestamp has been read, as far as there
     * are any; 0 where that cannot be said.
     */
    long time() {
        long newest = readTo.values().stream().mapToLong(Long::longValue).max().orElse(Long.MIN_VALUE);
        return Math.max(0, Math.min(newest, reached(topic -> true)));
    }

    /** Records of the labels topic that are no labels. */
    long badLabels() {
        return queue == null ? 0 : queue.bad();
    }

    /** Whether hygiene finds the rows that it lets pass more surprising than before, since the last training. */
    boolean diverged() {
        return diverged;
    }

    /** There was a training: what counts is what comes from now on. */
    void trained() {
        surprise = new Adwin(FALSE_ALARM);
        diverged = false;
    }

    /** Hash of the profile that the last row says it was judged under; null if none said. */
    @Nullable
    String profile() {
        return profile;
    }

    /** Offsets between what was read and what can be read, of all its topics. */
    long lag() {
        return lag(topic -> true);
    }

    /** The same of rows alone. */
    long rowLag() {
        return lag(topic -> !topic.equals(labels));
    }

    private long lag(Predicate<String> topics) {
        long lag = 0;
        for (TopicPartition p : consumer.assignment()) {
            OptionalLong behind = topics.test(p.topic()) ? consumer.currentLag(p) : OptionalLong.empty();
            lag += Math.max(0, behind.orElse(0));
        }
        return lag;
    }
}
