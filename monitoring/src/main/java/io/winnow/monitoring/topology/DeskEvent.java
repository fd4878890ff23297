package io.winnow.monitoring.topology;

import io.winnow.core.review.Decision;
import io.winnow.monitoring.cases.KeptRecord;
import java.util.Arrays;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** What the one processor hears of, through one topic partitioned by the raw partition. */
sealed interface DeskEvent {
    /** A record, or a part of one, came off the quarantine topic. */
    record Arrived(KeptRecord kept) implements DeskEvent {}

    /** Somebody decided. */
    record Decided(Decision decision) implements DeskEvent {}

    /** The stream's regime changes, or has changed. */
    record Changed(Change change) implements DeskEvent {}

    private byte tag() {
        return (byte) (this instanceof Arrived ? 'R' : this instanceof Decided ? 'D' : 'C');
    }

    private byte[] body() {
        if (this instanceof Arrived a) {
            return a.kept().encode();
        }
        return this instanceof Decided d
                ? d.decision().encode()
                : ((Changed) this).change().encode();
    }

    /** A tag byte, then the own encoding of what it carries. */
    static Serde<DeskEvent> serde() {
        return Serdes.serdeFrom(
                (topic, event) -> {
                    byte[] body = event.body();
                    byte[] bytes = new byte[body.length + 1];
                    bytes[0] = event.tag();
                    System.arraycopy(body, 0, bytes, 1, body.length);
                    return bytes;
                },
                (topic, bytes) -> {
                    byte[] body = Arrays.copyOfRange(bytes, 1, bytes.length);
                    return switch (bytes[0]) {
                        case 'R' -> new Arrived(KeptRecord.decode(body));
                        case 'D' -> new Decided(Decision.decode(body));
                        case 'C' -> new Changed(Change.decode(body));
                        default ->
                            throw new SerializationException(
                                    topic + ": an event of unknown kind " + bytes[0] + "; only the desk writes here");
                    };
                });
    }
}
