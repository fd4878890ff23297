package io.winnow.hygiene.judge;

import io.winnow.core.contract.Contract;
import io.winnow.core.hygiene.Judge;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.Summary;
import io.winnow.core.hygiene.Verdict;
import io.winnow.core.row.Reason;
import io.winnow.core.sequence.SequenceMemory;
import io.winnow.hygiene.record.Delivery;
import io.winnow.hygiene.record.RawRecord;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Judges single records as {@link JudgeOperator} does, with the same parts: verdict, headers, sizes, side files. Learns
 * nothing. Not thread-safe.
 */
public final class RecordJudge {
    private final Judge judge;
    private final Deliverer deliverer;
    private final Summary unlearned;
    private final @Nullable SequenceMemory memory;

    /**
     * A judge under one profile.
     *
     * @throws IllegalArgumentException if the profile was made for another contract
     */
    public RecordJudge(JudgeRules rules, Profile profile) {
        Contract contract = rules.contract().contract();
        judge = new Judge(contract, profile);
        deliverer = new Deliverer(rules, new SideFiles(Path.of(rules.sideDirectory())), profile.hash(), contract);
        unlearned = new Summary(profile);
        memory = contract.contextPerKey() ? new SequenceMemory(contract) : null;
    }

    /**
     * What becomes of a record.
     *
     * @param reason why it is set aside; null where it is clean
     * @param delivery the record to write
     */
    public record Judged(@Nullable Reason reason, Delivery delivery) {}

    /**
     * Judges a record. Where the contract compares rows with their key's last ones, records of a partition come in order.
     *
     * @throws IOException if a record that no topic takes cannot be kept in a file
     */
    public Judged judge(RawRecord raw) throws IOException {
        Deliverer.Sent sent = deliverer.send(raw, verdict(raw), deliverer.fitsClean(raw));
        return new Judged(sent.reason(), sent.delivery());
    }

    /** Only remembers a record, as one that others may be compared with. */
    public void remember(RawRecord raw) {
        verdict(raw);
    }

    private Verdict verdict(RawRecord raw) {
        unlearned.clear();
        return memory == null
                ? judge.judge(raw.value(), unlearned)
                : judge.judge(raw.value(), unlearned, memory, raw.partition(), raw.offset());
    }
}
