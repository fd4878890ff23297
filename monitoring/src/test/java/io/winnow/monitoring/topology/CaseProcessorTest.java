package io.winnow.monitoring.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.hygiene.Regime;
import io.winnow.core.topic.RecordId;
import io.winnow.monitoring.Fixtures;
import io.winnow.monitoring.cases.CaseState;
import io.winnow.monitoring.cases.RegimeView;
import io.winnow.monitoring.cases.Review;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Judging many cases again, batch by batch, with stores that outlive the processor. */
class CaseProcessorTest {
    private final KeyValueStore<Bytes, byte[]> cases = store(CaseTable.CASES);
    private final KeyValueStore<Bytes, byte[]> records = store(CaseTable.RECORDS);
    private final StoredCases view =
            new StoredCases("grid.raw", 1, (name, partition) -> name.equals(CaseTable.CASES) ? cases : records);

    private MockProcessorContext<RoutedKey, byte[]> context = new MockProcessorContext<>();
    private CaseProcessor processor = new CaseProcessor(Fixtures.CONTRACT, new Review(Duration.ZERO), "grid.raw");

    private static KeyValueStore<Bytes, byte[]> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
    }

    @BeforeEach
    void start() {
        context = new MockProcessorContext<>();
        context.setCurrentSystemTimeMs(Fixtures.START);
        for (KeyValueStore<Bytes, byte[]> store : List.of(cases, records)) {
            if (!store.isOpen()) {
                store.init(context.getStateStoreContext(), store);
            }
            context.addStateStore(store);
        }
        processor = new CaseProcessor(Fixtures.CONTRACT, new Review(Duration.ZERO), "grid.raw");
        processor.init(context);
    }

    private void process(RecordId id, DeskEvent event) {
        processor.process(new Record<>(id, event, Fixtures.START));
    }

    private void tick() {
        context.scheduledPunctuators().forEach(p -> p.getPunctuator().punctuate(Fixtures.START));
    }

    @Test
    void aBatchAtATimeAndARestartGoesOnWhereItWas() {
        List<ShiftedStream.Batch> stream = ShiftedStream.of(6, 1);
        int end = stream.stream().map(b -> b.profile().regime()).toList().lastIndexOf(Regime.CHANGING) + 1;
        Set<Long> during = new HashSet<>();
        for (ShiftedStream.Batch batch : stream.subList(0, end)) {
            batch.aside().forEach(r -> process(r.id(), new DeskEvent.Arrived(r)));
            during.add(Change.name(batch.profile().hash()));
        }
        long open = view.counts().of(CaseState.OPEN);
        assertThat(open).isGreaterThan(2L * CaseProcessor.CASES_PER_BATCH);
        process(
                new RecordId("grid.raw", 0, 0),
                new DeskEvent.Changed(
                        new Change(1, 2, during, stream.get(end).profile().encode())));

        tick();
        assertThat(view.regime().judgedAgain()).isEqualTo(CaseProcessor.CASES_PER_BATCH);
        assertThat(view.regime().pending()).isTrue();
        start();
        int ticks = 1;
        while (view.regime().pending()) {
            tick();
            ticks++;
        }
        assertThat(ticks).isEqualTo((int) (open / CaseProcessor.CASES_PER_BATCH) + 1);
        RegimeView regime = view.regime();
        assertThat(regime.judgedAgain()).isEqualTo(open);
        assertThat(regime.acceptedNow()).isBetween(open * 9 / 10, open);
        tick();
        assertThat(view.regime()).isEqualTo(regime);
    }

    @Test
    void aSecondChangeTakesOverWhatTheFirstHasLeft() {
        ChangeTable table = new ChangeTable(cases);
        table.put(Change.begins(5));
        assertThat(view.regime().changingSince()).isEqualTo(5);
        table.put(new Change(5, 6, Set.of(1L), new byte[] {7}));
        table.put(new Change(8, 9, Set.of(2L), new byte[] {7}));
        assertThat(view.regime().changingSince()).isNull();
        assertThat(view.regime().began()).isEqualTo(8);
        assertThat(Objects.requireNonNull(table.ended()).judgedBy()).containsExactlyInAnyOrder(1L, 2L);
        assertThat(table.next(10)).isEmpty();
        assertThat(table.isPending()).isFalse();
        table.put(new Change(10, 11, Set.of(3L), new byte[] {7}));
        assertThat(Objects.requireNonNull(table.ended()).judgedBy()).containsExactly(3L);
    }
}
