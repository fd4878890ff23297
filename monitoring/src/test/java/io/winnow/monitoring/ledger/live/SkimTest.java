package io.winnow.monitoring.ledger.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.topic.StreamTopics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class SkimTest {
    /** Streams commits the offset of a record that waits: a batch that stood at its last one's would be lost but for that. */
    @Test
    void aBatchStandsWhereItsFirstRecordStood() {
        Horizons horizons = new Horizons();
        horizons.ends(Map.of(0, 100L));
        List<ConsumerRecord<byte[], byte[]>> polled = List.of(raw(40), raw(41), raw(47));
        ConsumerRecord<byte[], byte[]> skimmed = new Skim(new StreamTopics("s"), horizons).skim(polled);
        assertThat(skimmed.offset()).isEqualTo(40);
        assertThat(skimmed.partition()).isZero();
        Batch all = new Batch();
        polled.forEach(r -> all.raw(0, r.offset()));
        assertThat(skimmed.value()).isEqualTo(all.encode());
    }

    private static ConsumerRecord<byte[], byte[]> raw(long offset) {
        return new ConsumerRecord<>("s.raw", 0, offset, new byte[0], new byte[0]);
    }
}
