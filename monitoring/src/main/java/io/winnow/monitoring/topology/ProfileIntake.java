package io.winnow.monitoring.topology;

import io.winnow.core.hygiene.ProfileHead;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the profiles, and tells every partition of the desk when a change of regime begins and when it has ended. */
final class ProfileIntake implements Processor<byte[], byte[], RecordId, DeskEvent> {
    static final String STORE = "profile-line";

    private static final Logger LOG = LoggerFactory.getLogger(ProfileIntake.class);
    private static final Bytes KEY = Bytes.wrap(new byte[] {'p'});

    private final String contractHash;
    private final RecordId nowhere;
    private ProcessorContext<RecordId, DeskEvent> context;
    private KeyValueStore<Bytes, byte[]> store;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init first
    ProfileIntake(String contractHash, String rawTopic) {
        this.contractHash = contractHash;
        this.nowhere = new RecordId(rawTopic, 0, 0);
    }

    @Override
    public void init(ProcessorContext<RecordId, DeskEvent> context) {
        this.context = context;
        this.store = context.getStateStore(STORE);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        ProfileHead head;
        long name;
        try {
            if (record.key() == null || record.value() == null) {
                throw new IllegalArgumentException("it has no key or no value");
            }
            head = ProfileHead.of(record.value());
            name = Change.name(DqHeaders.text(record.key()));
        } catch (IllegalArgumentException e) {
            LOG.debug("a profile is passed over: {}", e.getMessage());
            return;
        }
        if (!head.contractHash().equals(contractHash)) {
            return;
        }
        byte[] known = store.get(KEY);
        ProfileLine line = known == null ? ProfileLine.EMPTY : ProfileLine.decode(known);
        ProfileLine.Next next = line.published(name, head, record.timestamp(), record.value());
        if (!next.after().equals(line)) {
            store.put(KEY, next.after().encode());
        }
        Change change = next.change();
        if (change != null) {
            LOG.info("a change of regime {}", change.hasEnded() ? "has ended" : "has begun");
            context.forward(new Record<>(nowhere, new DeskEvent.Changed(change), record.timestamp()));
        }
    }
}
