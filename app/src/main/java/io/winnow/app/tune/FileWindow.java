package io.winnow.app.tune;

import io.winnow.app.Failure;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.contract.FeatureType;
import io.winnow.core.contract.Target;
import io.winnow.core.infer.ContractInference;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import io.winnow.core.tabular.FileRecord;
import io.winnow.core.tabular.RecordFile;
import io.winnow.trainer.window.CleanRow;
import io.winnow.trainer.window.CleanRow.Standing;
import io.winnow.trainer.window.LiveWindow;
import io.winnow.trainer.window.Window;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file's newest rows as a window, as the trainer would hold them had they come one by one. A row's number in the file,
 * from 0, stands for its offset and, without a time in the contract, for its time.
 *
 * @param window the rows
 * @param rows that were read
 * @param undecodable records that broke the contract and were left out
 */
public record FileWindow(Window window, long rows, long undecodable) {

    /** What is learned. */
    public enum Task {
        /** A number. */
        REGRESSION,
        /** A class. */
        CLASSIFICATION;

        /**
         * By name.
         *
         * @throws Failure if there is no such task
         */
        public static Task of(String name) {
            return switch (name) {
                case "regression" -> REGRESSION;
                case "classification" -> CLASSIFICATION;
                default -> throw new Failure("--task must be regression or classification, not '" + name + "'");
            };
        }
    }

    /**
     * The contract to read the file by.
     *
     * @param given the contract's file; null to draft one
     * @throws Failure if the given contract is for another target or task
     * @throws IOException if the file cannot be read as records
     */
    public static Contract contract(Path file, String target, Task task, @Nullable Path given) throws IOException {
        if (given == null) {
            Contract draft = ContractInference.draft(file, Optional.of(target)).contract();
            return withTarget(draft, new Target(target, type(draft, task)));
        }
        Contract contract = ContractReader.read(given);
        Target stated = contract.target()
                .filter(t -> t.name().equals(target))
                .orElseThrow(() -> new Failure(given + ": its target must be '" + target + "', as --target says"));
        if (stated.isRegression() != (task == Task.REGRESSION)) {
            throw new Failure(given + ": its target is a " + stated.type().label() + ", so --task must be "
                    + (stated.isRegression() ? "regression" : "classification"));
        }
        return contract;
    }

    private static FeatureType type(Contract draft, Task task) {
        if (task == Task.REGRESSION) {
            return FeatureType.NUMBER;
        }
        boolean yesOrNo = draft.target().orElseThrow().type() == FeatureType.BOOLEAN;
        return yesOrNo ? FeatureType.BOOLEAN : FeatureType.CATEGORY;
    }

    private static Contract withTarget(Contract c, Target target) {
        return new Contract(
                c.stream(),
                c.key(),
                c.contextPerKey(),
                c.time(),
                c.features(),
                Optional.of(target),
                c.labels(),
                c.derive(),
                c.hygiene(),
                c.training());
    }

    /**
     * Reads a file.
     *
     * @throws Failure if no record fits the contract
     * @throws IOException if it cannot be read
     */
    public static FileWindow read(Path file, Contract contract) throws IOException {
        LiveWindow window = new LiveWindow(contract);
        RowDecoder decoder = new RowDecoder(contract);
        Row row = new Row(contract);
        Map<String, Long> keys = new HashMap<>();
        long rows = 0;
        long undecodable = 0;
        String why = "it holds none";
        try (RecordFile records = RecordFile.open(file, Optional.of(contract))) {
            for (FileRecord record = records.next(); record != null; record = records.next()) {
                var defect = decoder.decode(record.value(), row);
                if (defect != null) {
                    undecodable++;
                    why = "line " + record.line() + ": " + defect.detail();
                    continue;
                }
                window.add(new CleanRow(0, rows, rows, rows, key(keys, record.key()), Standing.ACCEPTED, row));
                rows++;
            }
        }
        if (rows == 0) {
            throw new Failure(file + ": no record fits the contract (" + why + ")");
        }
        return new FileWindow(window.cut(), rows, undecodable);
    }

    /**
     * A number for a record's key; 0 for none.
     *
     * @param keys those of the file so far, by number
     */
    public static long key(Map<String, Long> keys, byte @Nullable [] key) {
        return key == null ? 0 : keys.computeIfAbsent(new String(key, StandardCharsets.UTF_8), k -> keys.size() + 1L);
    }
}
