package io.winnow.app.demo;

import io.winnow.core.topic.RecordId;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What was sent, by where it lies on the raw topic, and what is wrong with it. Stays in this process. Thread-safe. */
final class Truth {
    private final Map<Integer, Partition> partitions = new HashMap<>();
    private long sent;
    private long judged;

    /** Offsets are kept relative to the first one, in bits. */
    private static final class Partition {
        private final long first;
        private final BitSet sent = new BitSet();
        private final BitSet judged = new BitSet();
        private final Map<Long, FaultKind> faults = new HashMap<>();

        Partition(long first) {
            this.first = first;
        }

        boolean has(long offset) {
            return offset >= first && offset - first < sent.length() && sent.get((int) (offset - first));
        }
    }

    /** Notes an acknowledged record; of one partition, in the order of its offsets. */
    synchronized void sent(int partition, long offset, Optional<FaultKind> fault) {
        Partition p = partitions.computeIfAbsent(partition, x -> new Partition(offset));
        p.sent.set(Math.toIntExact(offset - p.first));
        fault.ifPresent(kind -> p.faults.put(offset, kind));
        sent++;
    }

    /** Notes a verdict; whether it is the first one of a record of this run. */
    synchronized boolean judged(RecordId id) {
        Partition p = partitions.get(id.partition());
        if (p == null || !p.has(id.offset())) {
            return false;
        }
        int bit = (int) (id.offset() - p.first);
        boolean isFirst = !p.judged.get(bit);
        p.judged.set(bit);
        judged += isFirst ? 1 : 0;
        return isFirst;
    }

    /** What is wrong with a record of this run, if anything. */
    synchronized Optional<FaultKind> faultOf(RecordId id) {
        Partition p = partitions.get(id.partition());
        return p == null ? Optional.empty() : Optional.ofNullable(p.faults.get(id.offset()));
    }

    /** Records acknowledged. */
    synchronized long sent() {
        return sent;
    }

    /** Records acknowledged that have a verdict. */
    synchronized long judged() {
        return judged;
    }

    /** How many faults of a kind were sent. */
    synchronized long injected(FaultKind kind) {
        return partitions.values().stream()
                .flatMap(p -> p.faults.values().stream())
                .filter(kind::equals)
                .count();
    }
}
