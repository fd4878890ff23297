package io.winnow.ingest.http;

import io.winnow.core.tabular.FileRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A request that is to be written.
 *
 * @param turn which one of which client, if it says so
 * @param digest SHA-256 of its body, decompressed, in hex
 * @param records at least one
 * @param lease the memory that they hold
 * @param outcome completes when it is written, or with a {@link Refusal} when it is known that it is not, or cannot be known
 */
record Submission(
        Optional<Turn> turn,
        String digest,
        List<FileRecord> records,
        Budget.Lease lease,
        CompletableFuture<Receipt> outcome) {
    Submission(Optional<Turn> turn, String digest, List<FileRecord> records, Budget.Lease lease) {
        this(turn, digest, records, lease, new CompletableFuture<>());
    }

    long bytes() {
        long bytes = 0;
        for (FileRecord r : records) {
            bytes += r.value().length;
        }
        return bytes;
    }
}
