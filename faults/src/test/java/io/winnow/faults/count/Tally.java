package io.winnow.faults.count;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What became of every record, by a plain consumer: once by the offsets that verdicts name, once by the numbers that the
 * values carry. Each value is compared with what was sent.
 */
public final class Tally {
    private final SortedMap<Integer, SentRecords> raw = new TreeMap<>();
    private final BitSet rawNumbers = new BitSet();
    private final BitSet judgedNumbers = new BitSet();
    private final List<String> wrong = new ArrayList<>();
    private final String stream;
    private final @Nullable Path sideFiles;
    private long repeatedNumbers;
    private long repeatedRaw;

    /** Where a raw record lies. */
    private record Place(int partition, long offset) {
        private static final Pattern ID = Pattern.compile("(\\d{1,9})/(\\d{1,18})");

        /** The place that a {@code dq.id} names; null if it is none on this stream's raw topic. */
        static @Nullable Place of(String stream, String id) {
            String prefix = stream + ".raw/";
            Matcher place = ID.matcher(id.startsWith(prefix) ? id.substring(prefix.length()) : "");
            return place.matches() ? new Place(Integer.parseInt(place.group(1)), Long.parseLong(place.group(2))) : null;
        }
    }

    /**
     * What was counted.
     *
     * @param expected records that must have a verdict
     * @param seen those that have one
     * @param lost those that have none, and acknowledged ones that are not on raw
     * @param duplicated verdicts beyond a record's first, and releases beyond its first
     * @param released records that were released
     * @param expired acknowledged records that retention took from raw
     * @param wrong verdicts that are not their raw record's bytes, key, partition or time, or that belong to no record
     * @param offsets of raw, {@code first-last} by partition
     * @param lostIds of lost records, sorted
     */
    public record Count(
            long expected,
            long seen,
            long lost,
            long duplicated,
            long released,
            long expired,
            List<String> wrong,
            SortedMap<Integer, String> offsets,
            List<String> lostIds) {}

    private Tally(String stream, @Nullable Path sideFiles) {
        this.stream = stream;
        this.sideFiles = sideFiles;
    }

    /**
     * Counts a stream.
     *
     * @param acknowledged numbers of the records that must be on raw
     * @param expired numbers of those that retention is known to have taken
     * @param sideFiles where values lie that no topic takes, if there may be some
     */
    public static Count of(
            Map<String, String> kafka, String stream, BitSet acknowledged, BitSet expired, @Nullable Path sideFiles) {
        Tally tally = new Tally(stream, sideFiles);
        Map<TopicPartition, Long> begins = Topics.read(kafka, tally::sent, stream + ".raw");
        Topics.read(kafka, r -> tally.judged(r, begins), stream + ".clean", stream + ".quarantine");
        return tally.count(acknowledged, expired);
    }

    private void sent(ConsumerRecord<byte[], byte[]> r) {
        long number = Topics.number(r);
        if (number >= 0) {
            if (rawNumbers.get(Math.toIntExact(number))) {
                repeatedRaw++;
            }
            rawNumbers.set(Math.toIntExact(number));
        }
        raw.computeIfAbsent(r.partition(), p -> new SentRecords())
                .add(r.offset(), number, hash(r.value()), hash(r.key()), r.timestamp());
    }

    private void judged(ConsumerRecord<byte[], byte[]> v, Map<TopicPartition, Long> begins) {
        String id = String.valueOf(Topics.header(v, "dq.id"));
        Place place = Place.of(stream, id);
        SentRecords sent = place == null ? null : raw.get(place.partition());
        if (place == null || sent == null || !sent.has(place.offset())) {
            if (place != null && isExpired(place, begins)) {
                judgedNumber(Topics.number(v));
            } else {
                wrong.add(v.topic() + "/" + v.partition() + "/" + v.offset() + " is of no raw record: " + id);
            }
            return;
        }
        compare(v, place, sent);
        if (v.topic().endsWith(".clean") && Topics.header(v, "dq.decision") != null) {
            sent.released(place.offset());
            return;
        }
        sent.judged(place.offset());
        judgedNumber(sent.number(place.offset()));
    }

    private void judgedNumber(long number) {
        if (number >= 0) {
            if (judgedNumbers.get(Math.toIntExact(number))) {
                repeatedNumbers++;
            }
            judgedNumbers.set(Math.toIntExact(number));
        }
    }

    private boolean isExpired(Place place, Map<TopicPartition, Long> begins) {
        TopicPartition partition = new TopicPartition(stream + ".raw", place.partition());
        return place.offset() < begins.getOrDefault(partition, 0L);
    }

    private void compare(ConsumerRecord<byte[], byte[]> v, Place place, SentRecords sent) {
        String detail = Topics.header(v, "dq.detail");
        boolean aside =
                "TOO_LARGE".equals(Topics.header(v, "dq.reason")) && detail != null && detail.contains("side files");
        long offset = place.offset();
        long value = aside ? hash(kept(place)) : hash(v.value());
        boolean numbered = aside || Topics.number(v) == sent.number(offset);
        boolean keyed = aside || hash(v.key()) == sent.keyHash(offset);
        if (value != sent.valueHash(offset)
                || !numbered
                || !keyed
                || v.timestamp() != sent.timestamp(offset)
                || v.partition() != place.partition()) {
            wrong.add(v.topic() + "/" + v.partition() + "/" + v.offset() + " differs from its raw record "
                    + place.partition() + "/" + offset);
        }
    }

    private byte @Nullable [] kept(Place place) {
        if (sideFiles == null) {
            return null;
        }
        Path file = sideFiles.resolve(stream + ".raw-" + place.partition() + "-" + place.offset() + ".value");
        try {
            return Files.exists(file) ? Files.readAllBytes(file) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Count count(BitSet acknowledged, BitSet expired) {
        List<String> lostIds = raw.entrySet().stream()
                .flatMap(partition -> partition
                        .getValue()
                        .unjudged()
                        .mapToObj(offset -> stream + ".raw/" + partition.getKey() + "/" + offset))
                .sorted()
                .toList();
        BitSet lostNumbers = (BitSet) acknowledged.clone();
        lostNumbers.or(rawNumbers);
        lostNumbers.andNot(judgedNumbers);
        lostNumbers.andNot(expired);
        BitSet gone = (BitSet) expired.clone();
        gone.andNot(rawNumbers);
        BitSet unexpected = (BitSet) rawNumbers.clone();
        unexpected.andNot(acknowledged);
        if (!unexpected.isEmpty()) {
            wrong.add(unexpected.cardinality() + " records are on raw that were never acknowledged");
        }
        if (repeatedRaw > 0) {
            wrong.add(repeatedRaw + " records are on raw twice");
        }
        SortedMap<Integer, String> offsets = new TreeMap<>();
        raw.forEach((partition, sent) -> offsets.put(partition, sent.range()));
        return new Count(
                sum(SentRecords::size),
                sum(SentRecords::judged),
                Math.max(lostIds.size(), lostNumbers.cardinality()),
                Math.max(sum(SentRecords::repeatedVerdicts), repeatedNumbers) + sum(SentRecords::repeatedReleases),
                sum(SentRecords::released),
                gone.cardinality(),
                List.copyOf(wrong.subList(0, Math.min(5, wrong.size()))),
                offsets,
                lostIds);
    }

    private long sum(ToLongFunction<SentRecords> count) {
        return raw.values().stream().mapToLong(count).sum();
    }

    /** The first eight bytes of a SHA-256: two values that differ agree in it once in 2⁶⁴. */
    private static long hash(byte @Nullable [] bytes) {
        if (bytes == null) {
            return -1;
        }
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
