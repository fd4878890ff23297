package io.winnow.monitoring.topology;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/**
 * A released record's key, and the partition that the record came from and goes back to.
 *
 * @param partition the raw partition
 * @param bytes the producer's key, if any: all that is written
 */
record RoutedKey(int partition, byte @Nullable [] bytes) {
    static Serde<RoutedKey> serde() {
        return Serdes.serdeFrom((topic, key) -> key.bytes(), (topic, bytes) -> {
            throw new UnsupportedOperationException("released records are written, never read here");
        });
    }

    /**
     * The partition, if the clean topic has it.
     *
     * @throws IllegalStateException if it does not: order by key would silently break
     */
    int checked(String topic, int partitions) {
        if (partition >= partitions) {
            throw new IllegalStateException(
                    "topic " + topic + " has " + partitions + " partitions, and a release needs " + "partition "
                            + partition + "; give it at least as many as the raw topic, then start the desk again");
        }
        return partition;
    }
}
