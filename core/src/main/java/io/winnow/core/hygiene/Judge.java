package io.winnow.core.hygiene;

import io.winnow.core.contract.Contract;
import io.winnow.core.review.Decision;
import io.winnow.core.row.Defect;
import io.winnow.core.row.Quote;
import io.winnow.core.row.Reason;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import io.winnow.core.sequence.Past;
import io.winnow.core.sequence.Reference;
import io.winnow.core.sequence.SequenceMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Judges records under one profile. Holds buffers; not thread-safe: one for each thread. */
public final class Judge {
    /**
     * The densities learn rows below this many bits, or half of the gate's if that is less: stricter than the gate, so that
     * no fault creeps in. (Learning the most ordinary 94 % also ranks better than learning nearly all.)
     */
    private static final double LEARN_BITS = 4;
    /**
     * The calibration counts rows up to this many bits beyond the gate: a calibration that never saw past its own gate could
     * not tell that it is too tight. {@link Calibration} bounds what faults in between can do.
     */
    private static final double COUNT_MARGIN = 3;

    private static final int EXPLAINED_FIELDS = 8;

    private final Contract contract;
    private final Profile profile;
    private final RowDecoder decoder;
    private final Row row;
    private final Scorer scorer;
    private final double threshold;
    /** While a stream changes, rows are judged as before, but all valid ones are learned until the profile fits. */
    private final boolean adapting;

    /**
     * @throws IllegalArgumentException if the profile was made for another contract
     */
    public Judge(Contract contract, Profile profile) {
        this(contract, profile, new RowDecoder(contract));
    }

    private Judge(Contract contract, Profile profile, RowDecoder decoder) {
        if (!profile.contractHash().equals(contract.hash())) {
            throw new IllegalArgumentException(
                    "profile " + profile.hash() + " was made for another contract than that of " + contract.stream());
        }
        this.contract = contract;
        this.profile = profile;
        this.decoder = decoder;
        this.row = new Row(contract);
        this.scorer = profile.scorer();
        this.threshold = contract.hygiene().quarantineBits();
        this.adapting = ProfileMaker.adapts(contract, profile);
    }

    /**
     * The same judge under another profile, with what its decoder has come to know; it replaces this one.
     *
     * @throws IllegalArgumentException if the profile was made for another contract
     */
    public Judge under(Profile next) {
        return new Judge(contract, next, decoder);
    }

    /** Bits beyond which the calibration counts no row. */
    static double countCut(Contract contract) {
        return contract.hygiene().quarantineBits() + COUNT_MARGIN;
    }

    /** The profile in force. */
    public Profile profile() {
        return profile;
    }

    /**
     * The whole hygiene of one record: decode, check, standardize, score, gate, gather.
     *
     * @param value the record's bytes; null for a tombstone
     * @param accepted gathers what is to be learned of it
     */
    public Verdict judge(byte @Nullable [] value, Summary accepted) {
        Defect defect = decoder.decode(value, row);
        return defect == null ? judge(accepted, null) : refuse(defect);
    }

    /**
     * The same, for a contract that compares rows with their key's last ones ({@link Contract#contextPerKey}).
     *
     * @param memory of the rows before; remembers this one, whatever its verdict, if it is valid
     * @param partition the raw record's
     * @param offset the raw record's
     */
    public Verdict judge(byte @Nullable [] value, Summary accepted, SequenceMemory memory, int partition, long offset) {
        Defect defect = decoder.decode(value, row);
        if (defect != null) {
            return refuse(defect);
        }
        Verdict verdict = judge(accepted, memory.before(partition, row));
        memory.note(partition, offset, row, verdict.isClean());
        return verdict;
    }

    private Verdict refuse(Defect defect) {
        return new Verdict(defect.reason(), defect.detail(), Double.NaN, threshold, List.of(), null, null);
    }

    private Verdict judge(Summary accepted, @Nullable Past past) {
        double bits = score(row, accepted, past);
        Reference context = past == null ? null : past.reference();
        if (bits >= threshold) {
            List<FieldBits> fields = explain();
            return new Verdict(Reason.SURPRISING, detail(bits, fields), bits, threshold, fields, null, context);
        }
        return new Verdict(null, "", bits, threshold, List.of(), scorer.features(row.numbers.length), context);
    }

    /**
     * The bits of a decoded row, and what is learned of it: what is ordinary enters the densities, what the gate accepts or
     * refuses by little enters the calibration.
     */
    public double score(Row decoded, Summary accepted) {
        return score(decoded, accepted, null);
    }

    /**
     * The same, compared with the rows before it.
     *
     * @param memory of these; remembers this one
     * @param offset its place among them
     */
    public double score(Row decoded, Summary accepted, SequenceMemory memory, long offset) {
        double bits = score(decoded, accepted, memory.before(0, decoded));
        memory.note(0, offset, decoded, bits < threshold);
        return bits;
    }

    private double score(Row decoded, Summary accepted, @Nullable Past past) {
        double bits = scorer.score(decoded, past);
        if (accepted.frame().generation == profile.frame.generation) {
            boolean counted = bits < threshold + COUNT_MARGIN;
            accepted.tally().recent.note(counted);
            if (counted) {
                scorer.count(accepted.tally());
            }
            if (bits < threshold || adapting) {
                scorer.follow(accepted.tally());
            }
            // By its range a row is ordinary if the gate accepts it, or no range could ever grow.
            if ((scorer.usualBits() < ordinaryBits() && bits < threshold) || adapting) {
                scorer.learn(accepted.tally());
                accepted.sample().add(decoded);
            } else {
                scorer.note(accepted.unlearned());
            }
        }
        return bits;
    }

    /** The densities learn rows below this. */
    private double ordinaryBits() {
        return Math.min(LEARN_BITS, threshold / 2);
    }

    /** The bits of a decoded row; nothing is learned of it. */
    public double bits(Row decoded) {
        return scorer.score(decoded);
    }

    /**
     * Learns from an operator's decision on a record; passed over if it does not decode. A released row is normal: it
     * enters the densities and the calibration, but teaches nothing about sequences, since what it was compared with is not
     * at hand. A discarded one does not. Both teach what tells them apart.
     */
    public void learnDecided(Decision.Action action, byte[] value, Summary accepted) {
        if (decoder.decode(value, row) != null) {
            return;
        }
        teach(action, row, accepted);
        if (action == Decision.Action.RELEASE && accepted.frame().generation == profile.frame.generation) {
            scorer.learn(accepted.tally());
            scorer.count(accepted.tally());
            accepted.tally().recent.note(true);
        }
    }

    /**
     * What a decision on a decoded row says about the views and fields that found it surprising; nothing else of it. An
     * ordinary row was set aside for something else, its size perhaps, and says nothing.
     */
    public void teach(Decision.Action action, Row decided, Summary accepted) {
        if (scorer.score(decided) < ordinaryBits()) {
            return;
        }
        double[] bits = scorer.partBits();
        int[] evidence = new int[bits.length];
        Arrays.setAll(evidence, i -> Lessons.evidence(bits[i]));
        accepted.lesson(action == Decision.Action.DISCARD, evidence);
    }

    private List<FieldBits> explain() {
        double[] bits = scorer.featureBits(row.numbers.length);
        List<FieldBits> fields = new ArrayList<>(bits.length);
        for (int i = 0; i < bits.length; i++) {
            fields.add(new FieldBits(contract.features().get(i).name(), bits[i]));
        }
        fields.sort(Comparator.comparingDouble(FieldBits::bits).reversed());
        return List.copyOf(fields.subList(0, Math.min(EXPLAINED_FIELDS, fields.size())));
    }

    private String detail(double bits, List<FieldBits> fields) {
        FieldBits first = fields.get(0);
        int i = contract.indexOf(first.field());
        String why = scorer.sequence == null ? "" : scorer.sequence.why(i, first.bits());
        String category = row.categories[i];
        String value = category != null
                ? Quote.of(category)
                : Double.isNaN(row.numbers[i]) ? "missing" : String.format(Locale.ROOT, "%.6g", row.numbers[i]);
        double taught = scorer.taughtFactor();
        return String.format(
                Locale.ROOT,
                "%.1f bits, at or above %.1f%s; most surprising: %s = %s (%.1f bits%s)",
                bits,
                threshold,
                taught == 1 ? "" : String.format(Locale.ROOT, " (earlier decisions: ×%.2f)", taught),
                Quote.of(first.field()),
                value,
                first.bits(),
                why);
    }
}
