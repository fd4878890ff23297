package io.winnow.hygiene.judge;

import io.winnow.core.contract.Contract;
import io.winnow.core.hygiene.Verdict;
import io.winnow.core.row.Reason;
import io.winnow.core.sequence.Reference;
import io.winnow.core.sequence.SequenceMemory;
import io.winnow.hygiene.record.Delivery;
import io.winnow.hygiene.record.RawRecord;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Turns a verdict into the record that is sent, whatever its size. One for each profile. */
final class Deliverer {
    /** More than our headers on a clean record take besides features and context: id, hash, bits, and their names. */
    private static final int CLEAN_HEADERS = 640;

    private final Headers headers;
    private final SideFiles sideFiles;
    private final int cleanRoom;
    private final int quarantineBytes;

    Deliverer(JudgeRules rules, SideFiles sideFiles, String profileHash, Contract contract) {
        headers = new Headers(profileHash);
        this.sideFiles = sideFiles;
        int context = contract.contextPerKey() ? Reference.maxBytes(SequenceMemory.columns(contract).length) : 0;
        cleanRoom = rules.cleanBytes() - CLEAN_HEADERS - 4 * contract.features().size() - context;
        quarantineBytes = rules.quarantineBytes();
    }

    /** Whether the clean topic would take this record; where it would not, the record must not be learned either. */
    boolean fitsClean(RawRecord raw) {
        return RecordSize.of(raw) <= cleanRoom;
    }

    /** Where a record goes: to clean where the reason is null, else to quarantine. */
    record Sent(@Nullable Reason reason, Delivery delivery) {}

    Sent send(RawRecord raw, Verdict verdict, boolean fitsClean) throws IOException {
        Reason reason = verdict.reason();
        if (reason == null && fitsClean) {
            return new Sent(null, headers.clean(raw, verdict));
        }
        String size = RecordSize.of(raw) + " bytes with headers are more than the ";
        Delivery quarantined = reason == null
                ? headers.quarantine(raw, verdict, Reason.TOO_LARGE, size + "clean topic takes")
                : headers.quarantine(raw, verdict, reason, verdict.detail());
        if (RecordSize.of(quarantined) <= quarantineBytes) {
            return new Sent(reason == null ? Reason.TOO_LARGE : reason, quarantined);
        }
        String detail = size + "quarantine topic takes; kept in the side files " + sideFiles.keep(raw)
                + (reason == null ? "" : "; " + reason + ": " + verdict.detail());
        return new Sent(Reason.TOO_LARGE, pointer(raw, verdict, detail));
    }

    /** As much of key and headers as fits: the side file has all of them. */
    private Delivery pointer(RawRecord raw, Verdict verdict, String detail) {
        Delivery all = headers.pointer(raw, verdict, detail, true, true);
        if (RecordSize.of(all) <= quarantineBytes) {
            return all;
        }
        Delivery withKey = headers.pointer(raw, verdict, detail, true, false);
        return RecordSize.of(withKey) <= quarantineBytes
                ? withKey
                : headers.pointer(raw, verdict, detail, false, false);
    }
}
