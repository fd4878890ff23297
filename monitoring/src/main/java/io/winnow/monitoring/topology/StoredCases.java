package io.winnow.monitoring.topology;

import io.winnow.core.row.Reason;
import io.winnow.core.topic.RecordId;
import io.winnow.monitoring.cases.Case;
import io.winnow.monitoring.cases.CaseState;
import io.winnow.monitoring.cases.CaseView;
import io.winnow.monitoring.cases.Counts;
import io.winnow.monitoring.cases.Cursor;
import io.winnow.monitoring.cases.Entry;
import io.winnow.monitoring.cases.KeptRecord;
import io.winnow.monitoring.cases.NotReadyException;
import io.winnow.monitoring.cases.RegimeView;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** Reads the desk's stores where they lie. Safe for any thread; sees a transition as soon as the processor made it. */
public final class StoredCases implements CaseView {
    private final String rawTopic;
    private final int partitions;
    private final Stores stores;

    /** Finds one partition of a store. */
    @FunctionalInterface
    interface Stores {
        ReadOnlyKeyValueStore<Bytes, byte[]> of(String name, int partition);
    }

    StoredCases(String rawTopic, int partitions, Stores stores) {
        this.rawTopic = rawTopic;
        this.partitions = partitions;
        this.stores = stores;
    }

    /** The stores of a running desk, all of whose partitions live in this process. */
    public static StoredCases of(String rawTopic, KafkaStreams streams) {
        return new StoredCases(
                rawTopic,
                DeskTopology.PARTITIONS,
                (name, partition) -> streams.store(
                        StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.<Bytes, byte[]>keyValueStore())
                                .withPartition(partition)));
    }

    @Override
    public Page page(Query query) {
        return reading(() -> {
            List<Run> open = new ArrayList<>();
            PriorityQueue<Run> newest = new PriorityQueue<>(Comparator.comparing(Run::head));
            try {
                for (int partition = 0; partition < partitions; partition++) {
                    ReadOnlyKeyValueStore<Bytes, byte[]> store = stores.of(CaseTable.CASES, partition);
                    for (Run run : runs(store, query)) {
                        open.add(run);
                        if (run.advance()) {
                            newest.add(run);
                        }
                    }
                }
                return merge(newest, query.limit());
            } finally {
                open.forEach(Run::close);
            }
        });
    }

    private static List<Run> runs(ReadOnlyKeyValueStore<Bytes, byte[]> store, Query query) {
        if (query.acceptedNow()) {
            return List.of(new Run(store.range(CaseKeys.acceptedFrom(query.after()), CaseKeys.acceptedEnd())));
        }
        return query.reasons().stream()
                .map(reason -> new Run(store.range(
                        CaseKeys.listFrom(query.state(), reason, query.after()),
                        CaseKeys.listEnd(query.state(), reason))))
                .toList();
    }

    private Page merge(PriorityQueue<Run> newest, int limit) {
        List<Case> cases = new ArrayList<>();
        Cursor last = null;
        while (cases.size() < limit && !newest.isEmpty()) {
            Run run = newest.remove();
            last = run.head();
            find(new RecordId(rawTopic, last.partition(), last.offset())).ifPresent(cases::add);
            if (run.advance()) {
                newest.add(run);
            }
        }
        return new Page(cases, newest.isEmpty() ? null : last);
    }

    @Override
    public Optional<Case> find(RecordId id) {
        if (!id.topic().equals(rawTopic)) {
            return Optional.empty();
        }
        return reading(() -> {
            byte[] bytes =
                    stores.of(CaseTable.CASES, id.partition() % partitions).get(CaseKeys.entry(id));
            return bytes != null && Entry.decode(bytes) instanceof Case c ? Optional.of(c) : Optional.empty();
        });
    }

    @Override
    public Optional<KeptRecord> record(RecordId id) {
        if (!id.topic().equals(rawTopic)) {
            return Optional.empty();
        }
        return reading(() -> {
            List<KeptRecord> parts = new ArrayList<>();
            try (KeyValueIterator<Bytes, byte[]> all = stores.of(CaseTable.RECORDS, id.partition() % partitions)
                    .range(CaseKeys.part(id, 0), CaseKeys.part(id, Integer.MAX_VALUE))) {
                all.forEachRemaining(part -> parts.add(KeptRecord.decode(part.value)));
            }
            return parts.size() > 1
                    ? Optional.of(joined(parts))
                    : parts.stream().findFirst();
        });
    }

    private static KeptRecord joined(List<KeptRecord> parts) {
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        for (KeptRecord part : parts) {
            byte[] bytes = part.value();
            if (bytes != null) {
                value.writeBytes(bytes);
            }
        }
        KeptRecord first = parts.get(0);
        return new KeptRecord(first.id(), first.timestamp(), first.key(), value.toByteArray(), first.headers());
    }

    @Override
    public RegimeView regime() {
        return reading(() -> {
            RegimeView sum = RegimeView.STEADY;
            for (int partition = 0; partition < partitions; partition++) {
                sum = sum.plus(regime(stores.of(CaseTable.CASES, partition)));
            }
            return sum;
        });
    }

    private static RegimeView regime(ReadOnlyKeyValueStore<Bytes, byte[]> store) {
        byte[] since = store.get(ChangeTable.LASTING);
        byte[] ended = store.get(ChangeTable.ENDED);
        Change last = ended == null ? null : Change.decode(ended);
        return new RegimeView(
                since == null ? null : ByteBuffer.wrap(since).getLong(),
                last == null ? null : last.began(),
                last == null ? null : last.ended(),
                ChangeTable.number(store, ChangeTable.JUDGED),
                store.get(ChangeTable.PLACE) != null,
                number(store.get(CaseKeys.count(CaseTable.ACCEPTED_NOW))));
    }

    @Override
    public Counts counts() {
        return reading(() -> {
            Counts sum = Counts.NONE;
            for (int partition = 0; partition < partitions; partition++) {
                sum = sum.plus(counts(stores.of(CaseTable.CASES, partition)));
            }
            return sum;
        });
    }

    private static Counts counts(ReadOnlyKeyValueStore<Bytes, byte[]> store) {
        Map<CaseState, Map<Reason, Long>> cases = new EnumMap<>(CaseState.class);
        for (CaseState state : CaseState.values()) {
            Map<Reason, Long> byReason = new EnumMap<>(Reason.class);
            for (Reason reason : Reason.values()) {
                byReason.put(reason, number(store.get(CaseKeys.count(state, reason))));
            }
            cases.put(state, byReason);
        }
        return new Counts(
                cases,
                number(store.get(CaseKeys.count(CaseTable.CONFLICTS))),
                number(store.get(CaseKeys.count(CaseTable.REFUSED))),
                number(store.get(CaseKeys.count(CaseTable.REPLAYED))));
    }

    private static long number(byte @Nullable [] bytes) {
        return bytes == null ? 0 : ByteBuffer.wrap(bytes).getLong();
    }

    private static <T> T reading(Supplier<T> read) {
        try {
            return read.get();
        } catch (InvalidStateStoreException e) {
            throw new NotReadyException("the desk is still reading its cases from Kafka; try again in a moment");
        }
    }
}
