package io.winnow.monitoring.ledger.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.monitoring.ledger.Side;
import io.winnow.monitoring.ledger.Sighting;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccountProcessorTest {
    private static final int ROWS = 3_000;

    private final Horizons horizons = new Horizons();
    private final Board board = new Board(() -> 0, () -> 1);

    @BeforeEach
    void ends() {
        horizons.ends(Map.of(0, (long) ROWS));
    }

    /** Streams revives a task with the processor that it had: what was aborted must be gone from it, too. */
    @Test
    void aTaskThatBeginsAgainKnowsWhatItsStoreKnowsAndNoMore() {
        AccountProcessor revived = new AccountProcessor(1, horizons, board);
        begin(revived);
        revived.process(raw());
        revived.process(verdicts());
        KeyValueStore<Bytes, byte[]> restored = begin(revived);
        revived.process(raw());
        revived.process(verdicts());

        AccountProcessor fresh = new AccountProcessor(1, horizons, board);
        KeyValueStore<Bytes, byte[]> plain = begin(fresh);
        fresh.process(raw());
        fresh.process(verdicts());
        assertThat(entries(restored)).isNotEmpty().isEqualTo(entries(plain));
    }

    private static KeyValueStore<Bytes, byte[]> begin(AccountProcessor processor) {
        MockProcessorContext<Void, Void> context = new MockProcessorContext<>();
        KeyValueStore<Bytes, byte[]> store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(AccountProcessor.STORE), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
        processor.init(context);
        return store;
    }

    private static Record<Integer, byte[]> raw() {
        Batch batch = new Batch();
        for (int i = 0; i < ROWS; i++) {
            batch.raw(0, i);
        }
        return record(batch);
    }

    private static Record<Integer, byte[]> verdicts() {
        Batch batch = new Batch();
        for (int i = 0; i < ROWS; i++) {
            batch.sighted(Side.CLEAN, i, new Sighting(0, i, false, 1, 1, false));
        }
        return record(batch);
    }

    private static Record<Integer, byte[]> record(Batch batch) {
        byte[][] entries = new byte[1][];
        Batch.split(batch.encode(), (partition, bytes) -> entries[0] = bytes);
        return new Record<>(0, entries[0], 0);
    }

    private static Map<String, String> entries(KeyValueStore<Bytes, byte[]> store) {
        Map<String, String> all = new TreeMap<>();
        try (KeyValueIterator<Bytes, byte[]> each = store.all()) {
            each.forEachRemaining(e -> all.put(e.key.toString(), HexFormat.of().formatHex(e.value)));
        }
        return all;
    }
}
