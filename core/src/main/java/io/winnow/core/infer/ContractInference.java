package io.winnow.core.infer;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractException;
import io.winnow.core.contract.ContractReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Drafts a contract from a file: what {@code winnow infer FILE} does. */
public final class ContractInference {
    /** Records that are looked at; of a longer file the rest is taken to be alike. */
    public static final int SAMPLE_RECORDS = 100_000;

    private ContractInference() {}

    /**
     * Drafts a contract from a CSV or NDJSON file, plain or gzip, and tries it on the same records.
     *
     * @param file the file; the stream is named after it
     * @param target the field to learn; without it one that is named like a target, if there is one
     * @throws ContractException if no contract can be drafted; the message says why
     * @throws IOException if the file cannot be read as records
     */
    public static Draft draft(Path file, Optional<String> target) throws IOException {
        return draft(file, target, SAMPLE_RECORDS);
    }

    static Draft draft(Path file, Optional<String> target, int sampleRecords) throws IOException {
        Sample sample = Sample.of(file, sampleRecords);
        if (sample.readable() == 0) {
            throw new ContractException(
                    file + ": holds no record that can be read; a contract is drafted from a few good ones");
        }
        DraftText text = new DraftText(file, sample, Roles.of(sample, target, file.toString()));
        Contract contract = ContractReader.parse(text.body(), file + " (draft)");
        long fitting = sample.fitting(file, contract);
        return new Draft(
                contract,
                text.head(fitting) + text.body(),
                sample.readable(),
                fitting,
                sample.unreadable(),
                sample.rows());
    }

    /** A file's name without its endings, as a stream's name: letters, digits, '.', '_' and '-' stay. */
    static String streamName(Path file) {
        String name = String.valueOf(file.getFileName())
                .replaceFirst("(?i)\\.gz$", "")
                .replaceFirst("(?i)\\.(csv|tsv|txt|ndjson|jsonl|json)$", "")
                .replaceAll("[^a-zA-Z0-9._-]", "-")
                .replaceFirst("^[^a-zA-Z0-9]+", "");
        return name.isEmpty() ? "stream" : name.substring(0, Math.min(name.length(), 100));
    }
}
