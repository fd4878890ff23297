package io.winnow.trainer;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.LabelContract;
import io.winnow.core.contract.Target;
import io.winnow.core.contract.TimeField;
import io.winnow.core.row.Defect;
import io.winnow.core.row.Quote;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import io.winnow.core.topic.RecordId;
import io.winnow.core.topic.StreamTopics;
import io.winnow.trainer.window.Label;
import io.winnow.trainer.window.RawPlace;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes labels of the labels topic's records: a flat JSON object with the target's field, and the time's field or {@code
 * dq.id} where the key alone does not say which row is meant.
 */
final class LabelRecords {
    private final RowDecoder decoder;
    private final Row row;
    private final String raw;
    private final Target target;
    private final int time;
    /** Milliseconds in the unit that times are written in. */
    private final double unit;

    /**
     * Labels of this contract's stream.
     *
     * @throws IllegalArgumentException if its labels cannot come later
     */
    LabelRecords(Contract contract) {
        Contract labels = LabelContract.of(contract);
        target = labels.target().orElseThrow();
        raw = StreamTopics.of(contract).raw();
        Optional<TimeField> named = contract.time();
        time = named.map(t -> labels.indexOf(t.field())).filter(i -> i > 0).orElse(-1);
        unit = named.filter(t -> t.format() == TimeField.Format.EPOCH_SECONDS).isPresent() ? 1_000 : 1;
        decoder = new RowDecoder(labels);
        row = new Row(labels);
    }

    /**
     * What a record says.
     *
     * @param label null where it is none
     * @param problem what is wrong with it; empty where nothing
     */
    record Read(@Nullable Label label, String problem) {
        private static Read bad(String problem) {
            return new Read(null, problem);
        }
    }

    /** Reads a record. */
    Read read(ConsumerRecord<byte[], byte[]> record) {
        Defect defect = decoder.decode(record.value(), row);
        if (defect != null) {
            return Read.bad(defect.detail());
        }
        if (!row.hasTarget()) {
            return Read.bad("it has no field " + Quote.of(target.name()));
        }
        double millis = time < 0 ? Double.NaN : row.numbers[time] * unit;
        // As in a row, where a double is no longer exact beyond ± 2^53 ms.
        if (Math.abs(millis) > 0x1p53) {
            return Read.bad("its time is no time");
        }
        RawPlace place = null;
        String id = row.categories[0];
        if (id != null) {
            try {
                RecordId named = RecordId.parse(id);
                place = named.topic().equals(raw) ? new RawPlace(named.partition(), named.offset()) : null;
            } catch (IllegalArgumentException e) {
                // Said below, as for another topic's record.
            }
            if (place == null) {
                return Read.bad("its " + LabelContract.ID + " is not like " + raw + "/0/17");
            }
        }
        return new Read(
                new Label(
                        record.partition(),
                        record.offset(),
                        record.timestamp(),
                        CleanRecords.hash(record.key()),
                        place,
                        Double.isNaN(millis) ? Row.NO_TIME : (long) Math.floor(millis),
                        row.targetNumber,
                        row.targetCategory),
                "");
    }
}
