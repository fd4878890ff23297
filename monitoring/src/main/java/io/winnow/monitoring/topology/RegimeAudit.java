package io.winnow.monitoring.topology;

import io.winnow.core.audit.AuditEvent;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Writes down when a change of regime has begun and ended.
 */
final class RegimeAudit implements Processor<RecordId, DeskEvent, byte[], byte[]> {
    static final String BEGAN = "io.winnow.regime-change.began";
    static final String ENDED = "io.winnow.regime-change.ended";

    private final String stream;
    private ProcessorContext<byte[], byte[]> context;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init first
    RegimeAudit(String stream) {
        this.stream = stream;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
    }

    @Override
    public void process(Record<RecordId, DeskEvent> record) {
        if (record.value() instanceof DeskEvent.Changed changed) {
            RecordHeaders headers = new RecordHeaders();
            headers.add("content-type", DqHeaders.text(AuditEvent.CONTENT_TYPE));
            context.forward(
                    new Record<>(null, event(changed.change(), record.timestamp()), record.timestamp(), headers));
        }
    }

    private byte[] event(Change change, long at) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("lastSteady", time(change.began()));
        if (change.hasEnded()) {
            data.put("ended", time(change.ended()));
            data.put("profile", Profile.hash(change.profile()));
        }
        return new AuditEvent(
                        change.hasEnded() ? "ended-" + change.ended() : "began-" + change.began(),
                        stream,
                        change.hasEnded() ? ENDED : BEGAN,
                        Instant.ofEpochMilli(at),
                        data)
                .encode();
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
