package io.winnow.faults.count;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.LongStream;

/** The records of one raw partition, by offset, and what became of each: thirty bytes each, so that millions fit. */
final class SentRecords {
    private final BitSet present = new BitSet();
    private long first = -1;
    private long last = -1;
    private long[] valueHashes = new long[1_024];
    private long[] keyHashes = new long[1_024];
    private long[] timestamps = new long[1_024];
    private int[] numbers = new int[1_024];
    private byte[] verdicts = new byte[1_024];
    private byte[] releases = new byte[1_024];

    /** A record as it was sent; offsets go up. */
    void add(long offset, long number, long valueHash, long keyHash, long timestamp) {
        if (first < 0) {
            first = offset;
        }
        last = offset;
        int i = Math.toIntExact(offset - first);
        if (i >= numbers.length) {
            int longer = Math.max(i + 1, numbers.length + numbers.length / 2);
            valueHashes = Arrays.copyOf(valueHashes, longer);
            keyHashes = Arrays.copyOf(keyHashes, longer);
            timestamps = Arrays.copyOf(timestamps, longer);
            numbers = Arrays.copyOf(numbers, longer);
            verdicts = Arrays.copyOf(verdicts, longer);
            releases = Arrays.copyOf(releases, longer);
        }
        present.set(i);
        numbers[i] = Math.toIntExact(number);
        valueHashes[i] = valueHash;
        keyHashes[i] = keyHash;
        timestamps[i] = timestamp;
    }

    /** Whether there is a record at this offset: markers and aborted records are none. */
    boolean has(long offset) {
        return offset >= first && offset <= last && present.get((int) (offset - first));
    }

    /** Its number; −1 if it has none. */
    long number(long offset) {
        return numbers[(int) (offset - first)];
    }

    long valueHash(long offset) {
        return valueHashes[(int) (offset - first)];
    }

    long keyHash(long offset) {
        return keyHashes[(int) (offset - first)];
    }

    long timestamp(long offset) {
        return timestamps[(int) (offset - first)];
    }

    /** It has a verdict, or one more. */
    void judged(long offset) {
        increment(verdicts, (int) (offset - first));
    }

    /** It was released, or once more. */
    void released(long offset) {
        increment(releases, (int) (offset - first));
    }

    private static void increment(byte[] counts, int i) {
        if (counts[i] < Byte.MAX_VALUE) {
            counts[i]++;
        }
    }

    long size() {
        return present.cardinality();
    }

    /** Records that have a verdict. */
    long judged() {
        return positive(verdicts);
    }

    /** Records that were released. */
    long released() {
        return positive(releases);
    }

    /** Verdicts beyond a record's first. */
    long repeatedVerdicts() {
        return sum(verdicts) - positive(verdicts);
    }

    long repeatedReleases() {
        return sum(releases) - positive(releases);
    }

    /** Offsets of the records that have no verdict. */
    LongStream unjudged() {
        return present.stream().filter(i -> verdicts[i] == 0).mapToLong(i -> first + i);
    }

    /** {@code first-last}. */
    String range() {
        return first + "-" + last;
    }

    private static long positive(byte[] counts) {
        long n = 0;
        for (byte count : counts) {
            n += count > 0 ? 1 : 0;
        }
        return n;
    }

    private static long sum(byte[] counts) {
        long n = 0;
        for (byte count : counts) {
            n += count;
        }
        return n;
    }
}
