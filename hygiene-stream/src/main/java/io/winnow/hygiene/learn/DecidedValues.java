package io.winnow.hygiene.learn;

import io.winnow.core.review.Decision;
import io.winnow.core.row.Quote;
import io.winnow.core.topic.RecordId;
import io.winnow.hygiene.record.Learned;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns operators' decisions into what the merger learns from them: the decided record's raw value. */
public final class DecidedValues extends RichFlatMapFunction<byte[], Learned> {
    private static final Logger LOGGER = LoggerFactory.getLogger(DecidedValues.class);
    private static final long serialVersionUID = 1;

    private final RawLookup lookup;
    private transient RawLookup.@Nullable Fetcher fetcher;

    /** Looks raw records up here. */
    public DecidedValues(RawLookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public void open(OpenContext context) {
        fetcher = lookup.open();
    }

    @Override
    public void flatMap(byte[] json, Collector<Learned> out) {
        Decision decision;
        RecordId id;
        try {
            decision = Decision.decode(json);
            id = RecordId.parse(decision.recordId());
        } catch (IllegalArgumentException e) {
            LOGGER.warn("a decision is passed over: {}", Quote.of(String.valueOf(e.getMessage())));
            return;
        }
        out.collect(Learned.decided(id.toString(), decision.action(), fetcher == null ? null : fetcher.fetch(id)));
    }

    @Override
    public void close() {
        if (fetcher != null) {
            fetcher.close();
        }
    }
}
