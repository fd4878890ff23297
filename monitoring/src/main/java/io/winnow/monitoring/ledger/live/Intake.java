package io.winnow.monitoring.ledger.live;

import io.winnow.monitoring.ledger.Side;
import io.winnow.monitoring.ledger.Sighting;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Turns a record of raw, clean or quarantine into an event for its raw partition's account. */
final class Intake implements Processor<byte[], byte[], Integer, LedgerEvent> {
    /** An id may name a partition that raw has just got, but not any number. */
    private static final int MORE_PARTITIONS = 256;

    private final String rawTopic;
    private final @Nullable Side side;
    private final Horizons horizons;
    private ProcessorContext<Integer, LedgerEvent> context;

    /**
     * @param side null for raw itself
     */
    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init first
    Intake(String rawTopic, @Nullable Side side, Horizons horizons) {
        this.rawTopic = rawTopic;
        this.side = side;
        this.horizons = horizons;
    }

    @Override
    public void init(ProcessorContext<Integer, LedgerEvent> context) {
        this.context = context;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata at = context.recordMetadata().orElseThrow();
        LedgerEvent event;
        if (side == null) {
            event = LedgerEvent.raw(at.partition(), at.offset());
        } else {
            Sighting s = Sighting.of(record.headers(), rawTopic);
            if (s == null || s.partition() >= horizons.partitions() + MORE_PARTITIONS) {
                return;
            }
            event = new LedgerEvent(side, s.partition() == at.partition(), s);
        }
        // The producer's time may be any; and no header goes on.
        context.forward(new Record<>(event.sighting().partition(), event, context.currentSystemTimeMs()));
    }
}
