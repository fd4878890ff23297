package io.winnow.trainer.live;

import java.util.ArrayList;
import java.util.List;

/**
 * A window over numbers in 0 … 1 that drops its older part when the newer one's mean is larger by more than chance: ADWIN2
 * (Bifet and Gavaldà 2007, "Learning from time-changing data with adaptive windowing"), for rises only. Holds O(log n)
 * buckets. Not thread-safe.
 */
public final class Adwin {
    /** Buckets of one size. */
    private static final int PER_SIZE = 5;
    /** Numbers between two looks. */
    private static final int EVERY = 32;
    /** A part of fewer numbers says nothing. */
    private static final int LEAST = 50;

    /** 2 to the place's power numbers in each bucket, the newest bucket first. */
    private final List<List<Bucket>> sizes = new ArrayList<>();

    private final double confidence;
    private long count;
    private double sum;
    private double squares;
    private int sinceLook;

    private record Bucket(double sum, double squares) {
        Bucket with(Bucket other) {
            return new Bucket(sum + other.sum, squares + other.squares);
        }
    }

    /**
     * An empty window.
     *
     * @param confidence δ: the chance of a false alarm at a look
     */
    public Adwin(double confidence) {
        this.confidence = confidence;
    }

    /** Adds a number; whether the mean has risen. */
    public boolean add(double value) {
        insert(new Bucket(value, value * value));
        count++;
        sum += value;
        squares += value * value;
        if (++sinceLook < EVERY || count < 2 * LEAST) {
            return false;
        }
        sinceLook = 0;
        boolean risen = false;
        while (rises()) {
            risen = true;
            dropOldest();
        }
        return risen;
    }

    /** Numbers in the window. */
    long size() {
        return count;
    }

    private void insert(Bucket bucket) {
        Bucket carried = bucket;
        for (int size = 0; ; size++) {
            if (size == sizes.size()) {
                sizes.add(new ArrayList<>());
            }
            List<Bucket> buckets = sizes.get(size);
            buckets.add(0, carried);
            if (buckets.size() <= PER_SIZE) {
                return;
            }
            carried = buckets.remove(buckets.size() - 1).with(buckets.remove(buckets.size() - 1));
        }
    }

    private void dropOldest() {
        int size = sizes.size() - 1;
        List<Bucket> oldest = sizes.get(size);
        Bucket gone = oldest.remove(oldest.size() - 1);
        count -= 1L << size;
        sum -= gone.sum;
        squares -= gone.squares;
        while (!sizes.isEmpty() && sizes.get(sizes.size() - 1).isEmpty()) {
            sizes.remove(sizes.size() - 1);
        }
    }

    /** Whether some cut parts the window into an older and a newer part whose mean is larger by more than chance. */
    private boolean rises() {
        double mean = sum / count;
        double variance = Math.max(0, squares / count - mean * mean);
        double log = Math.log(2 * Math.log(count) / confidence);
        double newer = 0;
        long n = 0;
        for (int size = 0; size < sizes.size(); size++) {
            for (Bucket bucket : sizes.get(size)) {
                newer += bucket.sum;
                n += 1L << size;
                long m = count - n;
                if (n < LEAST || m < LEAST) {
                    continue;
                }
                double harmonic = 1.0 / (1.0 / n + 1.0 / m);
                double bound = Math.sqrt(2 / harmonic * variance * log) + 2 / (3 * harmonic) * log;
                if (newer / n - (sum - newer) / m > bound) {
                    return true;
                }
            }
        }
        return false;
    }
}
