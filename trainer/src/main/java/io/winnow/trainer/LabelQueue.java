package io.winnow.trainer;

import io.winnow.core.contract.Contract;
import io.winnow.trainer.window.Label;
import io.winnow.trainer.window.LiveWindow;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Labels that were read, in the order of their timestamps over all partitions. Each waits until the rows have been read that
 * came before it, so that after a backlog too nothing is learned sooner than it was known. What is no label is counted.
 */
final class LabelQueue {
    private static final Logger LOG = LoggerFactory.getLogger(LabelQueue.class);
    /** More than these are not read ahead. */
    private static final int FULL = 20_000;

    private final LabelRecords records;
    private final PriorityQueue<Label> waiting = new PriorityQueue<>(Comparator.comparingLong(Label::timestamp)
            .thenComparingInt(Label::partition)
            .thenComparingLong(Label::offset));
    private long bad;

    /** No labels yet. */
    LabelQueue(Contract contract) {
        records = new LabelRecords(contract);
    }

    /** Takes a record of the labels topic. */
    void add(ConsumerRecord<byte[], byte[]> record) {
        LabelRecords.Read read = records.read(record);
        if (read.label() != null) {
            waiting.add(read.label());
            return;
        }
        bad++;
        // The first, then ever fewer: a producer that sends nothing else must not fill the log.
        if (Long.bitCount(bad) == 1) {
            LOG.warn(
                    "{}/{}/{} is no label and is skipped, the {}. one: {}; send a JSON object with the target's field",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    bad,
                    read.problem());
        }
    }

    /**
     * Joins those that came before this time.
     *
     * @param taken told of each label that a row has now
     */
    void release(long before, LiveWindow window, Consumer<Label> taken) {
        while (!waiting.isEmpty() && waiting.element().timestamp() < before) {
            Label label = waiting.remove();
            if (window.add(label) == Label.Fate.JOINED) {
                taken.accept(label);
            }
        }
    }

    /** Whether reading on should wait. */
    boolean full() {
        return waiting.size() >= FULL;
    }

    /** Records that are no labels. */
    long bad() {
        return bad;
    }
}
