package io.winnow.monitoring.ledger.live;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Takes a batch apart by raw partition. */
final class Intake implements Processor<byte[], byte[], Integer, byte[]> {
    private ProcessorContext<Integer, byte[]> context;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init first
    Intake() {}

    @Override
    public void init(ProcessorContext<Integer, byte[]> context) {
        this.context = context;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        // A producer's time may be any: it goes no further.
        Batch.split(
                record.value(),
                (partition, entries) ->
                        context.forward(new Record<>(partition, entries, context.currentSystemTimeMs())));
    }
}
