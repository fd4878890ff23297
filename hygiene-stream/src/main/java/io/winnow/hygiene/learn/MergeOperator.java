package io.winnow.hygiene.learn;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.OnRegimeChange;
import io.winnow.core.hygiene.Judge;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.ProfileMaker;
import io.winnow.core.hygiene.Regime;
import io.winnow.core.hygiene.Summary;
import io.winnow.core.review.Decision;
import io.winnow.hygiene.ContractText;
import io.winnow.hygiene.profile.ProfileChannel;
import io.winnow.hygiene.record.Learned;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds up what the judging subtasks accepted, makes the next profile and appends it to the channel. Makes the first
 * profile too, from samples of the held rows: as soon as there are enough of them, two seconds after the first one, or
 * when all input is over. Emits the hash of each profile it appends.
 *
 * <p>Only one runs. It has a thread of its own, never the judges': they wait for it.
 */
public final class MergeOperator extends AbstractStreamOperator<String>
        implements OneInputStreamOperator<Learned, String>, BoundedOneInput {
    /** The first row waits no longer than this for others. */
    static final long COLD_START_MILLIS = 2_000;

    private static final Logger LOGGER = LoggerFactory.getLogger(MergeOperator.class);
    /** Samples of hostile size must not fill the memory. */
    private static final long MAX_SAMPLE_BYTES = 32L << 20;

    private final Contract contract;
    private final ProfileChannel channel;
    private final int judges;
    private final List<byte[]> samples = new ArrayList<>();
    private final BitSet ended = new BitSet();

    private @Nullable ListState<MergerState> state;
    private ProfileChannel.@Nullable Publisher publisher;
    private @Nullable NormalityMetrics normality;
    private @Nullable Growth growth;
    private DecidedRecords decided = new DecidedRecords(List.of());
    private long sampleBytes;
    private int generation;
    private long publishedAt;
    /** When it looks again by itself; never, where nothing is gathered. */
    private long timer = Long.MAX_VALUE;

    /** Why what the checkpoint holds cannot be read; null if it can. */
    private @Nullable String unreadable;

    /** The profile that the next one grows from, and what it will grow by. */
    private record Growth(Profile profile, Summary accepted, Judge judge) {}

    MergeOperator(
            StreamOperatorParameters<String> parameters, ContractText contract, ProfileChannel channel, int judges) {
        super(parameters);
        this.contract = contract.contract();
        this.channel = channel;
        this.judges = judges;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        state = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("merger", Types.POJO(MergerState.class)));
        Iterator<MergerState> restored = state.get().iterator();
        if (restored.hasNext()) {
            MergerState s = restored.next();
            try {
                restore(s);
            } catch (RuntimeException e) {
                // Whatever is wrong with it would be wrong at each further try: a restart must not end in a loop.
                growth = null;
                unreadable = String.valueOf(e.getMessage());
            }
        }
    }

    private void restore(MergerState s) {
        decided = new DecidedRecords(List.of(s.decided()));
        if (s.profile().length == 0) {
            return;
        }
        Profile profile = Profile.decode(s.profile());
        if (!profile.contractHash().equals(contract.hash())) {
            LOGGER.info("the contract has changed: profile {} is left behind", profile.hash());
            return;
        }
        growth = growth(profile);
        if (s.accepted().length > 0) {
            growth.accepted.merge(Summary.decode(s.accepted()));
        }
        generation = s.generation();
    }

    private Growth growth(Profile profile) {
        Judge judge = growth == null ? new Judge(contract, profile) : growth.judge.under(profile);
        return new Growth(profile, new Summary(profile), judge);
    }

    @Override
    public void open() throws Exception {
        super.open();
        publisher = channel.publisher();
        publishedAt = now();
        Profile newest = newest();
        Growth g = growth;
        if (g == null) {
            growth = newest == null ? null : growth(newest);
            generation = newest == null ? 0 : Pace.generationAfter(newest.rows());
        } else if (newest == null || !newest.hash().equals(g.profile.hash())) {
            // What was learned after the checkpoint is learned again: this profile is the newest of the line.
            publisher.publish(g.profile);
        }
        if (unreadable != null) {
            LOGGER.warn(
                    "stream {}: what the checkpoint has learned was written by another version of Winnow and is left"
                            + " behind ({}); {}",
                    contract.stream(),
                    unreadable,
                    newest == null
                            ? "there is no profile to go on from either, so that the stream is learned anew"
                            : "it goes on from the newest profile, " + newest.hash());
        }
        MetricGroup group = getMetricGroup().addGroup("winnow");
        group.gauge("profile_generation", (Gauge<Integer>) () -> generation);
        group.gauge("learned_rows", (Gauge<Long>) () -> growth == null ? 0L : growth.profile.rows());
        group.gauge("learned_decisions", (Gauge<Integer>) () -> growth == null ? 0 : growth.profile.decisions());
        group.gauge("learn_lag_rows", (Gauge<Long>) () -> growth == null ? 0L : growth.accepted.rows());
        normality = new NormalityMetrics(group, contract);
        if (growth != null) {
            normality.isNow(growth.profile);
        }
    }

    private @Nullable Profile newest() {
        try (ProfileChannel.Reader reader = channel.reader(contract.hash())) {
            ProfileChannel.Published newest = reader.newest();
            return newest == null ? null : newest.profile();
        }
    }

    @Override
    public void processElement(StreamRecord<Learned> element) throws Exception {
        Learned learned = element.getValue();
        byte[] bytes = learned.bytes();
        switch (learned.kind()) {
            case SAMPLE -> sample(bytes);
            case SUMMARY -> summary(bytes);
            case ENDED -> {
                ended.set(learned.from());
                if (ended.cardinality() >= judges) {
                    begin();
                }
            }
            case DECIDED -> decided(learned.id(), learned.action(), bytes);
        }
    }

    private void sample(byte @Nullable [] value) throws Exception {
        if (growth != null || value == null) {
            return;
        }
        if (samples.isEmpty()) {
            getProcessingTimeService().registerTimer(now() + COLD_START_MILLIS, t -> begin());
        }
        samples.add(value);
        sampleBytes += value.length;
        if (samples.size() >= ProfileMaker.COLD_START_ROWS || sampleBytes > MAX_SAMPLE_BYTES) {
            begin();
        }
    }

    /** The first profile, if there is none yet and a row waits for it. */
    private void begin() throws Exception {
        if (growth == null && !samples.isEmpty()) {
            LOGGER.info("the first profile of stream {} is made from {} rows", contract.stream(), samples.size());
            publish(ProfileMaker.first(contract, samples));
            samples.clear();
        }
    }

    private void summary(byte @Nullable [] encoded) throws Exception {
        if (growth == null) {
            // Somebody else has begun: another instance of this job, on its way out or in.
            Profile newest = newest();
            growth = newest == null ? null : growth(newest);
        }
        Growth g = growth;
        if (g == null || encoded == null) {
            throw new IllegalStateException("a summary came, but the profile of its rows is not in the channel");
        }
        g.accepted.merge(Summary.decode(encoded));
        growWhenDue(g);
    }

    private void decided(String id, Decision.@Nullable Action action, byte @Nullable [] value) throws Exception {
        if (!decided.first(id) || value == null || action == null) {
            return;
        }
        Growth g = growth;
        if (g == null && action == Decision.Action.RELEASE) {
            sample(value);
        } else if (g != null) {
            g.judge.learnDecided(action, value, g.accepted);
            growWhenDue(g);
        }
    }

    private void growWhenDue(Growth g) throws Exception {
        boolean soon = judgesWait(g) || ProfileMaker.isUrgent(g.profile, g.accepted);
        // While a profile adapts, it is as young as at first.
        int age = ProfileMaker.adapts(contract, g.profile) ? 0 : generation;
        long due = publishedAt + (soon ? Pace.LEAST_MILLIS : Pace.millisAfter(age));
        if (now() >= due) {
            grow(g);
        } else if (due < timer) {
            // One that was set for later may go off too: then nothing is due.
            timer = due;
            getProcessingTimeService().registerTimer(due, t -> {
                timer = timer == t ? Long.MAX_VALUE : timer;
                if (growth != null) {
                    growWhenDue(growth);
                }
            });
        }
    }

    /** Whether a judge has seen about as many rows as it may by this profile. */
    private boolean judgesWait(Growth g) {
        return g.profile.rows() < ProfileMaker.KNOWN_ROWS
                && g.accepted.rows() * 4 >= 3L * (ProfileMaker.rowsPerProfile(contract, g.profile) / judges);
    }

    private void grow(Growth g) throws Exception {
        if (!g.accepted.isEmpty()) {
            if (normality != null) {
                normality.gathered(g.accepted, g.profile);
            }
            publish(ProfileMaker.next(contract, g.profile, g.accepted));
        }
    }

    private void publish(Profile profile) throws Exception {
        if (publisher == null) {
            throw new IllegalStateException("not open");
        }
        publisher.publish(profile);
        Regime before = growth == null ? Regime.STEADY : growth.profile.regime();
        growth = growth(profile);
        if (normality != null) {
            normality.isNow(profile);
        }
        if (profile.regime() != before) {
            tell(profile);
        }
        generation++;
        publishedAt = now();
        output.collect(new StreamRecord<>(profile.hash()));
    }

    private void tell(Profile profile) {
        String share = String.format(Locale.ROOT, "%.0f %%", 100 * profile.refusedShare());
        if (profile.regime() == Regime.CHANGING) {
            LOGGER.warn(
                    "stream {} is changing: {} of its recent rows are refused by far; by contract {}",
                    contract.stream(),
                    share,
                    contract.hygiene().onRegimeChange() == OnRegimeChange.ADAPT
                            ? "all valid rows are learned until the profile fits"
                            : "it is held: nothing of them is learned until the stream is back or they are released");
        } else {
            LOGGER.info(
                    "stream {} is steady again under profile {}: {} of its recent rows are refused by far",
                    contract.stream(),
                    profile.hash(),
                    share);
        }
    }

    private long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }

    @Override
    public void endInput() throws Exception {
        begin();
        if (growth != null) {
            grow(growth);
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        if (state != null) {
            Growth g = growth;
            state.update(List.of(new MergerState(
                    g == null ? new byte[0] : g.profile.encode(),
                    g == null ? new byte[0] : g.accepted.encode(),
                    generation,
                    decided.oldestFirst())));
        }
    }

    @Override
    public void close() throws Exception {
        if (publisher != null) {
            publisher.close();
        }
        super.close();
    }
}
