package io.winnow.ingest.http;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that all requests under way share. Nobody waits for some: who finds none left is sent away. Thread-safe. */
final class Budget {
    private static final int RETRY_SECONDS = 1;

    private final long bytes;
    private final AtomicLong used = new AtomicLong();

    Budget(long bytes) {
        this.bytes = bytes;
    }

    long bytes() {
        return bytes;
    }

    long used() {
        return used.get();
    }

    Lease lease() {
        return new Lease();
    }

    /** One request's part. */
    final class Lease implements AutoCloseable {
        private final AtomicLong held = new AtomicLong();

        /**
         * Takes more, before it is used.
         *
         * @throws Refusal 429 if there is not so much left
         */
        void add(long more) {
            if (used.addAndGet(more) > bytes) {
                used.addAndGet(-more);
                throw new Refusal(
                        429, "the gateway's memory is used up by other requests; send it again", RETRY_SECONDS);
            }
            held.addAndGet(more);
        }

        /** Gives back all but this much. */
        void keep(long atMost) {
            long before = held.getAndUpdate(h -> Math.min(h, atMost));
            used.addAndGet(Math.min(0, atMost - before));
        }

        @Override
        public void close() {
            keep(0);
        }
    }
}
