package io.winnow.monitoring;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.review.Decision;
import io.winnow.core.row.Reason;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import io.winnow.monitoring.cases.KeptHeader;
import io.winnow.monitoring.cases.KeptRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records, decisions and a contract for tests. */
public final class Fixtures {
    public static final long START = 1_760_000_000_000L;
    public static final Contract CONTRACT = ContractReader.parse(
            "stream: grid\nfeatures:\n  - {name: demand, type: number}\n  - {name: price, type: number}\n",
            "grid.yaml");

    private Fixtures() {}

    public static RecordId id(int partition, long offset) {
        return new RecordId("grid.raw", partition, offset);
    }

    /** A quarantined record as the hygiene job writes it, with two headers of the producer's. */
    public static KeptRecord surprising(RecordId id, long timestamp, String value) {
        return quarantined(id, timestamp, Reason.SURPRISING, value.getBytes(StandardCharsets.UTF_8));
    }

    public static KeptRecord quarantined(
            RecordId id, long timestamp, Reason reason, byte @Nullable [] value, KeptHeader... more) {
        List<KeptHeader> headers = new ArrayList<>(List.of(
                text("trace", "a"),
                text("trace", "b"),
                text(DqHeaders.ID, id.toString()),
                text(DqHeaders.PROFILE, "0f1e2d"),
                text(DqHeaders.REASON, reason.name()),
                text(DqHeaders.DETAIL, "demand is far from its usual values"),
                text(DqHeaders.ATTEMPT, "0"),
                text(DqHeaders.THRESHOLD, "10.0")));
        if (reason == Reason.SURPRISING) {
            headers.add(text(DqHeaders.BITS, "14.25"));
            headers.add(text(DqHeaders.FIELDS, "demand=12.5,price=0.75"));
        }
        headers.addAll(Arrays.asList(more));
        return new KeptRecord(id, timestamp, "site-7".getBytes(StandardCharsets.UTF_8), value, headers);
    }

    public static KeptHeader text(String name, String value) {
        return new KeptHeader(name, DqHeaders.text(value));
    }

    public static Decision release(String id, RecordId record) {
        return decision(id, record, Decision.Action.RELEASE);
    }

    public static Decision discard(String id, RecordId record) {
        return decision(id, record, Decision.Action.DISCARD);
    }

    public static Decision decision(String id, RecordId record, Decision.Action action) {
        return new Decision(id, record.toString(), action, "ada", "2026-01-01T00:00:00Z", "looks fine");
    }
}
