package io.winnow.core.hygiene;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import io.winnow.core.sequence.Past;
import io.winnow.core.sequence.SequenceMemory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A stream's course through a cold start and a few profiles, and what its views say of each row on the way.
 *
 * @param raw each view's raw scores of the rows after the cold start
 * @param bits its calibrated bits
 * @param last the profile at the end
 */
record Course(Map<View, double[]> raw, Map<View, double[]> bits, Profile last) {
    private static final int COLD = 256;
    private static final int BATCH = 300;

    /** How the same rows come to their profiles. */
    enum Way {
        /** One judge. */
        ALONE,
        /** One judge that stops and starts again from bytes in the middle of each batch. */
        RESTORED,
        /** Three judges that share a batch's keys at random; their summaries are merged in random order. */
        SHARED
    }

    static Course of(Contract contract, List<Row> rows, Way way) {
        Random random = new Random(71);
        Profile profile = first(contract, rows);
        SequenceMemory[] memories = {
            new SequenceMemory(contract), new SequenceMemory(contract), new SequenceMemory(contract)
        };
        int judges = way == Way.SHARED ? memories.length : 1;
        Course course = blank(contract, rows.size() - COLD, profile);
        for (int from = COLD; from < rows.size(); from += BATCH) {
            List<Summary> parts = new ArrayList<>();
            for (int j = 0; j < judges; j++) {
                Judge judge = new Judge(contract, profile);
                Scorer scorer = profile.scorer();
                Summary part = new Summary(profile);
                for (int i = from; i < Math.min(rows.size(), from + BATCH); i++) {
                    Row row = rows.get(i);
                    if (Math.floorMod(row.key.hashCode(), judges) != j) {
                        continue;
                    }
                    if (way == Way.RESTORED && i % BATCH == BATCH / 2) {
                        profile = Profile.decode(profile.encode());
                        part = Summary.decode(part.encode());
                        judge = new Judge(contract, profile);
                        scorer = profile.scorer();
                        byte[] remembered = memories[j].encode(0);
                        memories[j] = new SequenceMemory(contract);
                        memories[j].restore(0, remembered);
                    }
                    Past past = contract.contextPerKey() ? memories[j].before(0, row) : null;
                    scorer.score(row, past);
                    course.note(i - COLD, scorer);
                    if (contract.contextPerKey()) {
                        judge.score(row, part, memories[j], i);
                    } else {
                        judge.score(row, part);
                    }
                }
                parts.add(part);
            }
            Collections.shuffle(parts, random);
            for (Summary part : parts.subList(1, parts.size())) {
                parts.get(0).merge(part);
            }
            profile = ProfileMaker.next(contract, profile, parts.get(0));
        }
        return new Course(course.raw, course.bits, profile);
    }

    /** What the views say of these rows, one after another, under a profile that learns nothing of them. */
    static Course under(Profile profile, Contract contract, List<Row> rows) {
        Course course = blank(contract, rows.size(), profile);
        SequenceMemory memory = new SequenceMemory(contract);
        Scorer scorer = profile.scorer();
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            scorer.score(row, contract.contextPerKey() ? memory.before(0, row) : null);
            course.note(i, scorer);
            memory.note(0, i, row, true);
        }
        return course;
    }

    private static Course blank(Contract contract, int rows, Profile last) {
        Course course = new Course(new EnumMap<>(View.class), new EnumMap<>(View.class), last);
        for (View view : View.values()) {
            if (view.contextual == contract.contextPerKey()) {
                course.raw.put(view, new double[rows]);
                course.bits.put(view, new double[rows]);
            }
        }
        return course;
    }

    private void note(int i, Scorer scorer) {
        raw.forEach((view, scores) -> scores[i] = view.raw(scorer));
        bits.forEach((view, scores) -> scores[i] = view.bits(scorer));
    }

    private static Profile first(Contract contract, List<Row> rows) {
        return ColdStart.profile(contract, rows.subList(0, COLD), Judge.countCut(contract));
    }
}
