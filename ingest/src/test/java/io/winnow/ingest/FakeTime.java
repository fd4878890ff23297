package io.winnow.ingest;

/** Time that passes only by sleeping, or by hand. */
final class FakeTime implements MonotonicTime {
    private long now;

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public void sleep(long nanos) {
        now += nanos;
    }

    void pass(double seconds) {
        now += Math.round(seconds * 1e9);
    }
}
