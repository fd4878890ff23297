package io.winnow.app.explain;

import io.winnow.app.Failure;
import io.winnow.core.contract.Contract;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.row.Reason;
import io.winnow.core.sequence.Past;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import io.winnow.core.topic.StreamTopics;
import io.winnow.hygiene.kafka.KafkaProfileChannel;
import io.winnow.hygiene.profile.ProfileChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Looks one record up on a stream's topics, what is committed of them. */
public final class RecordFinder implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    /** The broker gave nothing for so long though there is more. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final StreamTopics topics;
    private final Map<String, String> kafka;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private Iterator<ConsumerRecord<byte[], byte[]>> polled = Collections.emptyIterator();

    /**
     * @param kafka client settings
     */
    public RecordFinder(String stream, Map<String, String> kafka) {
        this.topics = new StreamTopics(stream);
        this.kafka = kafka;
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Finds a record and its verdict.
     *
     * @throws Failure if there is no such record, or it has no verdict yet
     */
    public JudgedRecord find(RecordId id) {
        ConsumerRecord<byte[], byte[]> raw = raw(id);
        OptionalLong time = raw == null ? OptionalLong.empty() : OptionalLong.of(raw.timestamp());
        ConsumerRecord<byte[], byte[]> verdict = verdict(topics.quarantine(), id, time);
        if (verdict == null) {
            verdict = verdict(topics.clean(), id, time);
        }
        if (verdict == null) {
            verdict = replayed(topics.quarantine(), id, time);
        }
        if (verdict == null) {
            verdict = replayed(topics.clean(), id, time);
        }
        if (verdict == null) {
            throw new Failure(
                    raw == null
                            ? "there is no record " + id + ": neither " + topics.raw() + " nor " + topics.clean()
                                    + " nor " + topics.quarantine() + " has it"
                            : "record " + id + " has no verdict yet, or it has expired; if the hygiene job runs, ask"
                                    + " again in some seconds");
        }
        String profile = header(verdict, DqHeaders.PROFILE);
        if (profile == null) {
            throw new Failure("the verdict on record " + id + " names no profile: " + verdict.topic() + " offset "
                    + verdict.offset() + " was not written by a hygiene job");
        }
        ConsumerRecord<byte[], byte[]> source = raw == null ? verdict : raw;
        String reason = header(verdict, DqHeaders.REASON);
        if (raw == null && source.value() == null && Reason.TOO_LARGE.name().equals(reason)) {
            throw new Failure("record " + id + " was too large for its topic and " + topics.raw()
                    + " no longer has it; its bytes are in a file: " + printable(header(verdict, DqHeaders.DETAIL)));
        }
        return new JudgedRecord(
                id,
                source.value(),
                source.topic(),
                profile,
                reason == null ? null : reason(id, reason),
                printable(header(verdict, DqHeaders.DETAIL)),
                header(verdict, DqHeaders.CONTEXT),
                bits(id, header(verdict, DqHeaders.BITS)));
    }

    /**
     * The profile that judged a record.
     *
     * @param contractHash of the stream's contract
     * @throws Failure if it is not there
     */
    public Profile profile(JudgedRecord record, String contractHash) {
        partitions(topics.profiles());
        try (ProfileChannel.Reader reader = new KafkaProfileChannel(kafka, topics.profiles()).reader(contractHash)) {
            ProfileChannel.Published found = reader.find(record.profile(), -1);
            if (found == null) {
                throw new Failure("there is no profile " + printable(record.profile()) + " on " + topics.profiles()
                        + " for this contract; was the contract changed since? Name the old one with --contract");
            }
            return found.profile();
        }
    }

    /**
     * What a record was compared with.
     *
     * @return null if with nothing
     * @throws Failure if its header is none of this contract's, or the records that it names are gone
     */
    public @Nullable Past past(JudgedRecord record, Contract contract) {
        String context = contract.contextPerKey() ? record.context() : null;
        try {
            return context == null ? null : Past.of(contract, context, offset -> before(record.id(), offset));
        } catch (IllegalArgumentException e) {
            throw new Failure(
                    "record " + record.id() + " cannot be compared with its key's last ones: its dq.context '"
                            + printable(context) + "' does not fit (" + printable(e.getMessage())
                            + "); was the contract changed since? Name the old one with --contract",
                    e);
        }
    }

    private byte[] before(RecordId id, long offset) {
        if (offset >= id.offset()) {
            throw new IllegalArgumentException("offset " + offset + " does not lie before it");
        }
        byte[] value = find(new RecordId(id.topic(), id.partition(), offset)).value();
        if (value == null) {
            throw new IllegalArgumentException("the record at offset " + offset + " has no value");
        }
        return value;
    }

    private @Nullable ConsumerRecord<byte[], byte[]> raw(RecordId id) {
        if (!id.topic().equals(topics.raw())) {
            throw new Failure("record " + id + " lies on " + id.topic() + ", but stream " + topics.stream() + " has "
                    + topics.raw() + "; give the value of its dq.id header");
        }
        TopicPartition partition = partition(topics.raw(), id);
        if (id.offset() < start(partition) || id.offset() >= end(partition)) {
            return null;
        }
        consumer.seek(partition, id.offset());
        ConsumerRecord<byte[], byte[]> next = next(partition, id.offset() + 1);
        return next != null && next.offset() == id.offset() ? next : null;
    }

    /**
     * The verdict on a topic. It keeps raw's timestamp, so that the search begins at the first record that is as young;
     * verdicts lie in raw's order, so that it ends at the first one on a later record. Releases are no verdicts, and what was
     * replayed is looked for by itself.
     */
    private @Nullable ConsumerRecord<byte[], byte[]> verdict(String topic, RecordId id, OptionalLong time) {
        TopicPartition partition = partition(topic, id);
        long end = end(partition);
        consumer.seek(partition, from(partition, time));
        for (ConsumerRecord<byte[], byte[]> r = next(partition, end); r != null; r = next(partition, end)) {
            boolean inOrder = header(r, DqHeaders.DECISION) == null && header(r, DqHeaders.REPLAYED) == null;
            RecordId judged = inOrder ? id(r) : null;
            if (judged != null && judged.offset() >= id.offset()) {
                return judged.equals(id) ? r : null;
            }
        }
        return null;
    }

    /** The verdict of a replay, which lies where the replay was. */
    private @Nullable ConsumerRecord<byte[], byte[]> replayed(String topic, RecordId id, OptionalLong time) {
        TopicPartition partition = partition(topic, id);
        long end = end(partition);
        consumer.seek(partition, from(partition, time));
        for (ConsumerRecord<byte[], byte[]> r = next(partition, end); r != null; r = next(partition, end)) {
            if (header(r, DqHeaders.REPLAYED) != null && header(r, DqHeaders.DECISION) == null && id.equals(id(r))) {
                return r;
            }
        }
        return null;
    }

    private long from(TopicPartition partition, OptionalLong time) {
        long start = start(partition);
        if (time.isEmpty() || time.getAsLong() < 0) {
            return start;
        }
        OffsetAndTimestamp found =
                consumer.offsetsForTimes(Map.of(partition, time.getAsLong())).get(partition);
        return found == null ? start : found.offset();
    }

    /** The next committed record before {@code end}; null if there is none. */
    private @Nullable ConsumerRecord<byte[], byte[]> next(TopicPartition partition, long end) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!polled.hasNext() && consumer.position(partition) < end) {
            polled = consumer.poll(POLL).iterator();
            if (System.nanoTime() > deadline) {
                throw new Failure(partition + " gave no record for " + PATIENCE.toSeconds()
                        + " s; an open transaction may be in the way: check that the hygiene job runs");
            }
        }
        if (!polled.hasNext()) {
            return null;
        }
        ConsumerRecord<byte[], byte[]> record = polled.next();
        return record.offset() < end ? record : null;
    }

    /** Assigned, with nothing left over from another one. */
    private TopicPartition partition(String topic, RecordId id) {
        if (id.partition() >= partitions(topic)) {
            throw new Failure("there is no record " + id + ": " + topic + " has " + partitions(topic) + " partitions");
        }
        TopicPartition partition = new TopicPartition(topic, id.partition());
        polled = Collections.emptyIterator();
        consumer.assign(List.of(partition));
        return partition;
    }

    private int partitions(String topic) {
        List<?> found = consumer.partitionsFor(topic);
        if (found == null || found.isEmpty()) {
            throw new Failure("Kafka has no topic " + topic + "; check --stream, --bootstrap and --data");
        }
        return found.size();
    }

    private long start(TopicPartition partition) {
        return consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    private long end(TopicPartition partition) {
        return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    private static @Nullable RecordId id(ConsumerRecord<byte[], byte[]> record) {
        String text = header(record, DqHeaders.ID);
        try {
            return text == null ? null : RecordId.parse(text);
        } catch (IllegalArgumentException e) {
            return null; // Whatever anybody else writes to the topic is no verdict.
        }
    }

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : DqHeaders.text(header.value());
    }

    private static Reason reason(RecordId id, String text) {
        return Arrays.stream(Reason.values())
                .filter(r -> r.name().equals(text))
                .findFirst()
                .orElseThrow(() -> new Failure("the verdict on record " + id + " has the unknown reason "
                        + printable(text) + "; it was written by another version of Winnow"));
    }

    private static double bits(RecordId id, @Nullable String text) {
        try {
            return text == null ? Double.NaN : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new Failure("the verdict on record " + id + " has no number in dq.bits: " + printable(text), e);
        }
    }

    /** Header content is never trusted on a terminal. */
    private static String printable(@Nullable String text) {
        return text == null ? "" : text.replaceAll("\\p{Cntrl}", "?");
    }

    @Override
    public void close() {
        consumer.close();
    }
}
