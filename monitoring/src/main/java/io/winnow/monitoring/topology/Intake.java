package io.winnow.monitoring.topology;

import io.winnow.core.review.Decision;
import io.winnow.core.row.Quote;
import io.winnow.core.topic.RecordId;
import io.winnow.monitoring.cases.Finding;
import io.winnow.monitoring.cases.KeptHeader;
import io.winnow.monitoring.cases.KeptRecord;
import io.winnow.monitoring.cases.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what lies on a source topic into events keyed by record id. What cannot be read stays on its topic, is counted,
 * and is named in the log; it never stops the desk.
 */
final class Intake implements Processor<byte[], byte[], RecordId, DeskEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    private final String rawTopic;
    private final Function<Record<byte[], byte[]>, DeskEvent> reader;
    private final Unreadable unreadable;
    private ProcessorContext<RecordId, DeskEvent> context;

    /** Hears of what could not be read. */
    @FunctionalInterface
    interface Unreadable {
        /** Counts one more on this topic, and returns how many there are now. */
        long count(String topic);
    }

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init first
    private Intake(String rawTopic, Function<Record<byte[], byte[]>, DeskEvent> reader, Unreadable unreadable) {
        this.rawTopic = rawTopic;
        this.reader = reader;
        this.unreadable = unreadable;
    }

    static Intake ofQuarantine(String rawTopic, Unreadable unreadable) {
        return new Intake(rawTopic, Intake::arrived, unreadable);
    }

    static Intake ofDecisions(String rawTopic, Unreadable unreadable) {
        return new Intake(rawTopic, Intake::decided, unreadable);
    }

    @Override
    public void init(ProcessorContext<RecordId, DeskEvent> context) {
        this.context = context;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        DeskEvent event;
        RecordId id;
        try {
            event = reader.apply(record);
            id = event instanceof DeskEvent.Arrived a
                    ? a.kept().id()
                    : RecordId.parse(((DeskEvent.Decided) event).decision().recordId());
            if (!id.topic().equals(rawTopic)) {
                throw new IllegalArgumentException("it is about topic " + Quote.of(id.topic()) + ", not " + rawTopic);
            }
        } catch (IllegalArgumentException e) {
            skip(e);
            return;
        }
        // Everything of the record is inside the event; its headers must not ride along twice.
        context.forward(new Record<>(id, event, record.timestamp()));
    }

    private static DeskEvent arrived(Record<byte[], byte[]> record) {
        List<KeptHeader> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new KeptHeader(header.key(), header.value()));
        }
        KeptRecord kept = KeptRecord.of(record.timestamp(), record.key(), record.value(), headers);
        Finding.of(kept); // checked here, where a bad one can still be set aside
        Part.parse(kept.header(Part.HEADER));
        return new DeskEvent.Arrived(kept);
    }

    private static DeskEvent decided(Record<byte[], byte[]> record) {
        if (record.value() == null) {
            throw new IllegalArgumentException("not a decision: it has no value");
        }
        return new DeskEvent.Decided(Decision.decode(record.value()));
    }

    private void skip(IllegalArgumentException why) {
        String place = context.recordMetadata()
                .map(m -> m.topic() + "/" + m.partition() + "/" + m.offset())
                .orElse("a record");
        long n = unreadable.count(context.recordMetadata().map(m -> m.topic()).orElse(""));
        if (Long.bitCount(n) == 1) { // the 1st, 2nd, 4th, 8th …: a flood of them must not flood the log
            LOG.warn("{} is passed over: {} ({} so far)", place, why.getMessage(), n);
        }
    }
}
