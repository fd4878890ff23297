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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What became of every record, by a plain consumer: once by the offsets that verdicts name, once by the numbers that the
 * values carry. Each value is compared with what was sent.
 */
public final class Tally {
    private final Map<String, Sent> raw = new HashMap<>();
    private final Map<String, Integer> verdicts = new HashMap<>();
    private final Map<String, Integer> releases = new HashMap<>();
    private final BitSet rawNumbers = new BitSet();
    private final BitSet judgedNumbers = new BitSet();
    private final SortedMap<Integer, long[]> ranges = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();
    private final String stream;
    private final @Nullable Path sideFiles;
    private long repeatedNumbers;
    private long repeatedRaw;

    /** A raw record as it was sent. */
    private record Sent(long number, long valueHash, long keyHash, long timestamp) {}

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
        raw.put(r.partition() + "/" + r.offset(), new Sent(number, hash(r.value()), hash(r.key()), r.timestamp()));
        long[] range = ranges.computeIfAbsent(r.partition(), p -> new long[] {r.offset(), r.offset()});
        range[1] = r.offset();
    }

    private void judged(ConsumerRecord<byte[], byte[]> v, Map<TopicPartition, Long> begins) {
        String id = String.valueOf(Topics.header(v, "dq.id"));
        String prefix = stream + ".raw/";
        String place = id.startsWith(prefix) ? id.substring(prefix.length()) : id;
        Sent sent = raw.get(place);
        if (sent == null) {
            if (isExpired(place, begins)) {
                judgedNumber(Topics.number(v));
            } else {
                wrong.add(v.topic() + "/" + v.partition() + "/" + v.offset() + " is of no raw record: " + id);
            }
            return;
        }
        compare(v, place, sent);
        if (v.topic().endsWith(".clean") && Topics.header(v, "dq.decision") != null) {
            releases.merge(place, 1, Integer::sum);
            return;
        }
        verdicts.merge(place, 1, Integer::sum);
        judgedNumber(sent.number());
    }

    private void judgedNumber(long number) {
        if (number >= 0) {
            if (judgedNumbers.get(Math.toIntExact(number))) {
                repeatedNumbers++;
            }
            judgedNumbers.set(Math.toIntExact(number));
        }
    }

    private boolean isExpired(String place, Map<TopicPartition, Long> begins) {
        String[] parts = place.split("/");
        if (parts.length != 2) {
            return false;
        }
        TopicPartition partition = new TopicPartition(stream + ".raw", Integer.parseInt(parts[0]));
        return Long.parseLong(parts[1]) < begins.getOrDefault(partition, 0L);
    }

    private void compare(ConsumerRecord<byte[], byte[]> v, String place, Sent sent) {
        String detail = Topics.header(v, "dq.detail");
        boolean aside =
                "TOO_LARGE".equals(Topics.header(v, "dq.reason")) && detail != null && detail.contains("side files");
        long value = aside ? hash(kept(place)) : hash(v.value());
        boolean numbered = aside || Topics.number(v) == sent.number();
        boolean keyed = aside || hash(v.key()) == sent.keyHash();
        if (value != sent.valueHash()
                || !numbered
                || !keyed
                || v.timestamp() != sent.timestamp()
                || !place.startsWith(v.partition() + "/")) {
            wrong.add(v.topic() + "/" + v.partition() + "/" + v.offset() + " differs from its raw record " + place);
        }
    }

    private byte @Nullable [] kept(String place) {
        if (sideFiles == null) {
            return null;
        }
        Path file = sideFiles.resolve(stream + ".raw-" + place.replace('/', '-') + ".value");
        try {
            return Files.exists(file) ? Files.readAllBytes(file) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Count count(BitSet acknowledged, BitSet expired) {
        List<String> lostIds = raw.keySet().stream()
                .filter(id -> !verdicts.containsKey(id))
                .map(id -> stream + ".raw/" + id)
                .sorted()
                .toList();
        BitSet lostNumbers = (BitSet) acknowledged.clone();
        lostNumbers.or(rawNumbers);
        lostNumbers.andNot(judgedNumbers);
        lostNumbers.andNot(expired);
        BitSet gone = (BitSet) expired.clone();
        gone.andNot(rawNumbers);
        long repeatedIds = verdicts.values().stream().mapToLong(n -> n - 1L).sum();
        long repeatedReleases =
                releases.values().stream().mapToLong(n -> n - 1L).sum();
        BitSet unexpected = (BitSet) rawNumbers.clone();
        unexpected.andNot(acknowledged);
        if (!unexpected.isEmpty()) {
            wrong.add(unexpected.cardinality() + " records are on raw that were never acknowledged");
        }
        if (repeatedRaw > 0) {
            wrong.add(repeatedRaw + " records are on raw twice");
        }
        SortedMap<Integer, String> offsets = new TreeMap<>();
        ranges.forEach((partition, range) -> offsets.put(partition, range[0] + "-" + range[1]));
        return new Count(
                raw.size(),
                verdicts.size(),
                Math.max(lostIds.size(), lostNumbers.cardinality()),
                Math.max(repeatedIds, repeatedNumbers) + repeatedReleases,
                releases.size(),
                gone.cardinality(),
                List.copyOf(wrong.subList(0, Math.min(5, wrong.size()))),
                offsets,
                lostIds);
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
