package io.winnow.monitoring.topology;

import io.winnow.core.contract.Contract;
import io.winnow.core.review.Decision;
import io.winnow.core.row.Reason;
import io.winnow.core.topic.RecordId;
import io.winnow.monitoring.cases.Again;
import io.winnow.monitoring.cases.Case;
import io.winnow.monitoring.cases.CaseState;
import io.winnow.monitoring.cases.Cursor;
import io.winnow.monitoring.cases.Entry;
import io.winnow.monitoring.cases.KeptHeader;
import io.winnow.monitoring.cases.KeptRecord;
import io.winnow.monitoring.cases.Review;
import io.winnow.monitoring.cases.Step;
import java.time.Duration;
import java.util.Objects;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies {@link Review} to the case store, and forwards a record on the one transition that releases it. (A join of two
 * tables would emit again on either side's next update, and deliver twice.)
 */
final class CaseProcessor implements Processor<RecordId, DeskEvent, RoutedKey, byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(CaseProcessor.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int RELEASES_PER_TICK = 10_000;
    /** Judging many cases again must hold nobody up: so many at a time, and then decisions again. */
    private static final Duration BATCH_TICK = Duration.ofMillis(200);

    static final int CASES_PER_BATCH = 500;

    private final Contract contract;
    private final Review review;
    private final String rawTopic;
    private ProcessorContext<RoutedKey, byte[]> context;
    private CaseTable table;
    private ChangeTable changes;
    private @Nullable SecondJudge second;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init first
    CaseProcessor(Contract contract, Review review, String rawTopic) {
        this.contract = contract;
        this.review = review;
        this.rawTopic = rawTopic;
    }

    @Override
    public void init(ProcessorContext<RoutedKey, byte[]> context) {
        this.context = context;
        this.table = new CaseTable(context.getStateStore(CaseTable.CASES), context.getStateStore(CaseTable.RECORDS));
        this.changes = new ChangeTable(context.getStateStore(CaseTable.CASES));
        this.second = secondJudge();
        // Also without a hold: releases held under an earlier configuration still have to go.
        context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::forwardDue);
        context.schedule(BATCH_TICK, PunctuationType.WALL_CLOCK_TIME, this::judgeAgain);
    }

    @Override
    public void process(Record<RecordId, DeskEvent> record) {
        if (record.value() instanceof DeskEvent.Changed changed) {
            changes.put(changed.change());
            second = secondJudge();
            return;
        }
        RecordId id = record.key();
        Entry before = table.entry(id);
        long now = context.currentSystemTimeMs();
        Step step;
        if (record.value() instanceof DeskEvent.Arrived arrived) {
            step = review.arrived(before, arrived.kept(), table.keep(arrived.kept()), now);
            if (step.outcome() == Step.Outcome.OPENED) {
                // A checkpoint may show a record only after the change that it was judged in has ended.
                apply(id, before, step);
                if (judgeAgain((Case) step.after(), now)) {
                    changes.judged(1);
                }
                return;
            }
        } else {
            Decision decision = ((DeskEvent.Decided) record.value()).decision();
            step = review.decided(before, decision, now);
        }
        apply(id, before, step);
    }

    private @Nullable SecondJudge secondJudge() {
        Change ended = changes.ended();
        try {
            return ended == null ? null : new SecondJudge(contract, ended);
        } catch (IllegalArgumentException e) {
            LOG.warn("cases are not judged again: {}", e.getMessage());
            return null;
        }
    }

    private void judgeAgain(long now) {
        long judged = 0;
        if (second != null && changes.isPending()) {
            for (Cursor place : changes.next(CASES_PER_BATCH)) {
                Entry entry = table.entry(new RecordId(rawTopic, place.partition(), place.offset()));
                judged += entry instanceof Case c && judgeAgain(c, now) ? 1 : 0;
            }
            changes.judged(judged);
        }
    }

    /** Judges a case again if it was judged while the stream changed; whether it was. */
    private boolean judgeAgain(Case c, long now) {
        SecondJudge judge = second;
        String profile = c.finding().profile();
        boolean concerned = c.again() != null
                || (judge != null && profile != null && judge.change().wasJudgedBy(profile));
        if (judge == null
                || !concerned
                || c.state() != CaseState.OPEN
                || c.finding().reason() != Reason.SURPRISING
                || !c.isReleasable()) {
            return false;
        }
        Again again = judge.judge(table.record(c.id()), table::value, now);
        if (again == null) {
            return false;
        }
        table.replace(c.id(), c, c.judged(again));
        return true;
    }

    private void forwardDue(long now) {
        for (RecordId id : table.due(now, rawTopic, RELEASES_PER_TICK)) {
            Case held = (Case) Objects.requireNonNull(table.entry(id));
            apply(id, held, review.due(held));
        }
    }

    private void apply(RecordId id, @Nullable Entry before, Step step) {
        table.replace(id, before, step.after());
        switch (step.outcome()) {
            case RELEASED -> release(id, step);
            case CONFLICT -> table.count(CaseTable.CONFLICTS);
            case REPLAYED -> table.count(CaseTable.REPLAYED);
            case REFUSED -> {
                table.count(CaseTable.REFUSED);
                LOG.warn(
                        "{} is kept in parts or in a side file and cannot be released as it came; its case stays open",
                        id);
            }
            default -> LOG.debug("{}: {}", id, step.outcome());
        }
    }

    private void release(RecordId id, Step step) {
        Decision decision = step.afterCase().map(Case::decision).orElseThrow();
        KeptRecord kept = table.record(id);
        RecordHeaders headers = new RecordHeaders();
        for (KeptHeader header : kept.released(decision.id())) {
            headers.add(header.name(), header.value());
        }
        context.forward(
                new Record<>(new RoutedKey(id.partition(), kept.key()), kept.value(), kept.timestamp(), headers));
        LOG.info("{} released by decision {}", id, decision.id());
    }
}
