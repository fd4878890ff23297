package io.winnow.faults.count;

import java.util.BitSet;
import java.util.Map;

/** What lies on a raw topic. */
public final class RawTopic {
    private RawTopic() {}

    /** Numbers of the records before an offset, by partition. */
    public static BitSet numbersBefore(Map<String, String> kafka, String stream, Map<Integer, Long> offsets) {
        BitSet numbers = new BitSet();
        Topics.read(
                kafka,
                r -> {
                    if (r.offset() < offsets.getOrDefault(r.partition(), 0L)) {
                        numbers.set(Math.toIntExact(Topics.number(r)));
                    }
                },
                stream + ".raw");
        return numbers;
    }
}
