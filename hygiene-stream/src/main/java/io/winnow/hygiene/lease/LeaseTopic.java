package io.winnow.hygiene.lease;

import java.util.Map;

/** How {@code S.leases} is made. */
public final class LeaseTopic {
    /**
     * Its settings: compacted, small, and stamped by the broker, whose clock alone decides whether a holder is silent.
     * Nothing is compacted that is young enough to count.
     */
    public static final Map<String, String> SETTINGS = Map.of(
            "cleanup.policy", "compact",
            "message.timestamp.type", "LogAppendTime",
            "min.compaction.lag.ms", "60000",
            "min.cleanable.dirty.ratio", "0.1",
            "segment.ms", "600000",
            "segment.bytes", "1048576");

    private LeaseTopic() {}
}
