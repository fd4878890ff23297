package io.winnow.hygiene.judge;

import io.winnow.core.contract.Contract;
import io.winnow.core.hygiene.Judge;
import io.winnow.core.hygiene.Summary;
import io.winnow.core.hygiene.Verdict;
import io.winnow.core.sequence.SequenceMemory;
import io.winnow.hygiene.record.RawRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One subtask's memory of its keys' last rows, and what a checkpoint holds of it. After a restart, or with another
 * parallelism, nobody says who reads which partition: so every subtask is given what all have written (union state),
 * keeps it as bytes, and reads a partition's when that partition's first record comes.
 *
 * <p>Whoever has read a partition writes all of it. What nobody has read yet is kept by one subtask chosen by the
 * partition's number; so a partition may be there twice, once out of date, and whichever saw the higher offset holds.
 */
final class KeySequences {
    private final SequenceMemory memory;
    private final int subtask;
    private final int subtasks;
    private final Map<Integer, SequenceState> unread = new HashMap<>();
    private final Map<Integer, Long> through = new HashMap<>();

    KeySequences(Contract contract, int subtask, int subtasks) {
        this.memory = new SequenceMemory(contract);
        this.subtask = subtask;
        this.subtasks = subtasks;
    }

    /** Takes over what all subtasks wrote. */
    void restore(Iterable<SequenceState> all) {
        for (SequenceState state : all) {
            unread.merge(state.partition(), state, (a, b) -> a.through() >= b.through() ? a : b);
        }
    }

    /** Judges a record in the light of its key's last ones. */
    Verdict judge(Judge judge, RawRecord raw, Summary accepted) {
        SequenceState before = unread.isEmpty() ? null : unread.remove(raw.partition());
        if (before != null) {
            memory.restore(before.partition(), before.rows());
        }
        through.put(raw.partition(), raw.offset());
        return judge.judge(raw.value(), accepted, memory, raw.partition(), raw.offset());
    }

    /** This subtask's part of a checkpoint. */
    List<SequenceState> snapshot() {
        List<SequenceState> states = new ArrayList<>();
        through.forEach(
                (partition, offset) -> states.add(new SequenceState(partition, offset, memory.encode(partition))));
        unread.forEach((partition, state) -> {
            if (Math.floorMod(partition, subtasks) == subtask) {
                states.add(state);
            }
        });
        return states;
    }
}
