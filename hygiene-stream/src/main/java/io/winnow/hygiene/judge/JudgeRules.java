package io.winnow.hygiene.judge;

import io.winnow.hygiene.ContractText;
import java.io.Serializable;

/**
 * What every judging subtask needs to know.
 *
 * @param contract the stream's contract
 * @param learnEvery rows, over all subtasks, after which what was accepted is sent to the merger at the latest; the clock
 *     and young profiles send sooner
 * @param cleanBytes what the clean topic takes in one record ({@code max.message.bytes})
 * @param quarantineBytes what the quarantine topic takes in one record
 * @param sideDirectory where records are kept that no topic takes; seen by every machine that judges
 */
public record JudgeRules(
        ContractText contract, int learnEvery, int cleanBytes, int quarantineBytes, String sideDirectory)
        implements Serializable {

    /** Our own headers need room: a topic that takes less is refused. */
    public static final int SMALLEST_TOPIC_BYTES = 16 * 1024;

    public JudgeRules {
        if (learnEvery < 1) {
            throw new IllegalArgumentException("learnEvery must be at least 1 row, not " + learnEvery);
        }
        if (cleanBytes < SMALLEST_TOPIC_BYTES || quarantineBytes < SMALLEST_TOPIC_BYTES) {
            throw new IllegalArgumentException("max.message.bytes of the clean (" + cleanBytes + ") and quarantine ("
                    + quarantineBytes + ") topics must be at least " + SMALLEST_TOPIC_BYTES);
        }
    }
}
