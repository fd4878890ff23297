package io.winnow.hygiene.judge;

import io.winnow.core.contract.Contract;
import io.winnow.core.hygiene.Judge;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.ProfileMaker;
import io.winnow.core.hygiene.Summary;
import io.winnow.core.hygiene.Verdict;
import io.winnow.hygiene.breaker.BreakerMemory;
import io.winnow.hygiene.breaker.GoAheads;
import io.winnow.hygiene.breaker.SubtaskBreaker;
import io.winnow.hygiene.profile.ProfileChannel;
import io.winnow.hygiene.record.Delivery;
import io.winnow.hygiene.record.Learned;
import io.winnow.hygiene.record.RawRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges records under the profile in force: clean ones go to the main output, the rest to {@link #QUARANTINE}, what was
 * learned to {@link #LEARNED}.
 *
 * <p>It has one input, so that it shares its thread with source and sinks: a broadcast input would break the chain.
 * Profiles come from the {@link ProfileChannel}, read by a thread that hands each over through the mailbox, between two
 * records. Until there is a first profile, records are held: in state, and bounded; when full, it takes no more input
 * and works on its mailbox only.
 *
 * <p>While a stream is young, a profile judges only so many records ({@link ProfileMaker#rowsPerProfile}): then the input
 * waits for the next one, a moment. Without that, history sent at full speed would all be judged by what its first night
 * looked like.
 *
 * <p>When nearly everything is bad, and the contract says stop, it shuts the {@link io.winnow.hygiene.breaker.Gate} of its
 * source until an operator lets it go on.
 *
 * <p>A checkpoint holds which profile is in force, the held records, the breaker and, if the contract asks, each key's last rows. What was learned is sent on ahead of each
 * barrier, so that it is in the merger's part of the same checkpoint.
 */
public final class JudgeOperator extends AbstractStreamOperator<Delivery>
        implements OneInputStreamOperator<RawRecord, Delivery>, BoundedOneInput {
    /** Records that are set aside. */
    public static final OutputTag<Delivery> QUARANTINE = new OutputTag<>("quarantine", Types.POJO(Delivery.class));
    /** What the merger is told. */
    public static final OutputTag<Learned> LEARNED = new OutputTag<>("learned", Types.POJO(Learned.class));

    /** What was accepted is sent to the merger after this long, however little it is. */
    static final long LEARN_MILLIS = 250;

    private static final Logger LOGGER = LoggerFactory.getLogger(JudgeOperator.class);
    /** No longer than this does a judge wait for a profile that is late. */
    private static final long PATIENCE_NANOS = 2_000_000_000L;

    private static final long PAUSE_NANOS = 200_000;

    private final JudgeRules rules;
    private final ProfileChannel channel;
    private final GoAheads goAheads;
    private final MailboxExecutor mailbox;
    private final Contract contract;
    private final HeldRows held = new HeldRows();

    private @Nullable ListState<InForce> inForceState;
    private @Nullable ListState<RawRecord> heldState;
    private @Nullable ListState<BreakerMemory> breakerState;
    private @Nullable SubtaskBreaker breaker;
    /** State and memory of keys: only where the contract compares rows with their key's last ones. */
    private @Nullable ListState<SequenceState> sequenceState;

    private @Nullable KeySequences sequences;
    private ProfileChannel.@Nullable Reader reader;
    private @Nullable JudgeMetrics metricsOfOurs;
    private @Nullable InForce restored;
    private @Nullable InForce inForce;
    private @Nullable Bench bench;
    private int subtask;
    private int samplesSent;
    /** Records that this subtask may judge by the profile in force before it waits for the next. */
    private long allowance;

    private long adoptedAt;

    /** All that depends on the profile in force. */
    private record Bench(Judge judge, Summary accepted, Summary unlearned, Deliverer deliverer, long batch) {}

    JudgeOperator(
            StreamOperatorParameters<Delivery> parameters,
            JudgeRules rules,
            ProfileChannel channel,
            GoAheads goAheads) {
        super(parameters);
        this.rules = rules;
        this.channel = channel;
        this.goAheads = goAheads;
        this.mailbox = parameters.getMailboxExecutor();
        this.contract = rules.contract().contract();
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        inForceState = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("in-force", Types.POJO(InForce.class)));
        heldState = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("held", Types.POJO(RawRecord.class)));
        breakerState = context.getOperatorStateStore()
                .getUnionListState(new ListStateDescriptor<>("breaker", Types.POJO(BreakerMemory.class)));
        SubtaskBreaker made = new SubtaskBreaker(
                contract,
                subtask,
                goAheads,
                work -> mailbox.execute(work::run, "an operator's word"),
                getMetricGroup(),
                this::goOn);
        breaker = made;
        made.restore(breakerState.get(), getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks());
        if (contract.contextPerKey()) {
            sequenceState = context.getOperatorStateStore()
                    .getUnionListState(new ListStateDescriptor<>("sequences", Types.POJO(SequenceState.class)));
            sequences = new KeySequences(
                    contract, subtask, getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks());
            sequences.restore(sequenceState.get());
        }
        // One entry, unless the parallelism has changed: then none, or several.
        for (InForce f : inForceState.get()) {
            restored = restored == null || f.rows() > restored.rows() ? f : restored;
        }
        for (RawRecord row : heldState.get()) {
            held.add(row);
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        metricsOfOurs = new JudgeMetrics(getMetricGroup(), held::size, () -> inForce == null ? 0 : inForce.rows());
        ProfileChannel.Reader opened = channel.reader(contract.hash());
        reader = opened;
        ProfileChannel.Published first = restored == null ? null : opened.find(restored.hash(), restored.offset());
        if (first == null) {
            first = opened.newest();
        }
        if (first != null) {
            sitDown(first);
        }
        // Restored rows go out, or are sampled, once the task runs; outputs are not for use in open().
        mailbox.execute(
                () -> {
                    held.all().forEach(this::sample);
                    releaseHeld();
                },
                "restored rows");
        opened.follow(
                published -> mailbox.execute(() -> adopt(published), "a new profile"),
                failure -> mailbox.execute(
                        () -> {
                            throw new IllegalStateException("profiles cannot be read any more", failure);
                        },
                        "the profile reader's failure"));
        scheduleLearning();
    }

    @Override
    public void processElement(StreamRecord<RawRecord> element) throws Exception {
        RawRecord raw = element.getValue();
        while (bench == null && held.isFull()) {
            mailbox.yield();
        }
        if (bench == null) {
            sample(raw);
            held.add(raw);
            return;
        }
        drainHeld();
        if (isStopped()) {
            // What it gave up while it stopped; the source gives no more.
            held.add(raw);
            return;
        }
        if (allowance <= 0) {
            awaitProfile();
        }
        allowance--;
        judge(raw, bench);
    }

    private void awaitProfile() throws Exception {
        sendLearned();
        Bench late = bench;
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (bench == late && System.nanoTime() < deadline) {
            if (!mailbox.tryYield()) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        if (bench == late) {
            // Nobody makes profiles, or it takes too long: the stream goes on by this one.
            allowance = Long.MAX_VALUE;
        }
    }

    /** All of the held records, however many profiles that takes. */
    private void drainHeld() throws Exception {
        releaseHeld();
        while (!held.isEmpty() && !isStopped()) {
            awaitProfile();
            releaseHeld();
        }
    }

    private void judge(RawRecord raw, Bench b) throws Exception {
        boolean fits = b.deliverer.fitsClean(raw);
        Summary learnInto = fits ? b.accepted : b.unlearned;
        Verdict verdict =
                sequences == null ? b.judge.judge(raw.value(), learnInto) : sequences.judge(b.judge, raw, learnInto);
        Deliverer.Sent sent = b.deliverer.send(raw, verdict, fits);
        StreamRecord<Delivery> record = new StreamRecord<>(sent.delivery());
        if (sent.reason() == null) {
            output.collect(record);
        } else {
            output.collect(QUARANTINE, record);
        }
        if (metricsOfOurs != null) {
            metricsOfOurs.judged(sent.reason(), verdict.bits());
        }
        if (breaker != null) {
            breaker.note(sent.reason());
        }
        if (b.accepted.rows() >= b.batch) {
            sendLearned();
        }
    }

    private boolean isStopped() {
        return breaker != null && breaker.isStopped();
    }

    /** What was held while it was stopped comes first. */
    private void goOn() {
        try {
            releaseHeld();
        } catch (Exception e) {
            throw new IllegalStateException("held records cannot be judged", e);
        }
    }

    /** Under a new profile, from the next record on. */
    private void adopt(ProfileChannel.Published published) throws Exception {
        if (inForce != null && inForce.hash().equals(published.profile().hash())) {
            return;
        }
        sendLearned();
        sitDown(published);
        releaseHeld();
    }

    private void sitDown(ProfileChannel.Published published) {
        Profile profile = published.profile();
        int subtasks = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
        allowance = profile.rows() < ProfileMaker.KNOWN_ROWS
                ? Math.max(1, ProfileMaker.rowsPerProfile(contract, profile) / subtasks)
                : Long.MAX_VALUE;
        // Of a young profile's share the last quarter is judged while the next profile is made.
        long batch = Math.max(1, Math.min(rules.learnEvery() / subtasks, allowance - allowance / 4));
        String hash = profile.hash();
        bench = new Bench(
                bench == null ? new Judge(contract, profile) : bench.judge.under(profile),
                new Summary(profile),
                new Summary(profile),
                new Deliverer(rules, new SideFiles(Path.of(rules.sideDirectory())), hash, contract),
                batch);
        adoptedAt = System.nanoTime();
        inForce = new InForce(hash, published.offset(), profile.rows());
        if (metricsOfOurs != null) {
            metricsOfOurs.adopted();
        }
        LOGGER.debug("subtask {} judges by profile {} of {} rows", subtask, hash, profile.rows());
    }

    /** As many of the held records as the profile in force may judge. */
    private void releaseHeld() throws Exception {
        while (bench != null && !held.isEmpty() && allowance > 0 && !isStopped()) {
            allowance--;
            judge(held.take(), bench);
        }
        if (!held.isEmpty()) {
            sendLearned();
        }
    }

    private void sample(RawRecord raw) {
        if (bench == null && samplesSent < ProfileMaker.COLD_START_ROWS) {
            samplesSent++;
            output.collect(LEARNED, new StreamRecord<>(Learned.sample(subtask, raw.value())));
        }
    }

    private void sendLearned() {
        Bench b = bench;
        if (b != null && b.accepted.rows() > 0) {
            output.collect(LEARNED, new StreamRecord<>(Learned.summary(subtask, b.accepted.encode())));
            b.accepted.clear();
        }
    }

    private void scheduleLearning() {
        long now = getProcessingTimeService().getCurrentProcessingTime();
        getProcessingTimeService().registerTimer(now + LEARN_MILLIS, t -> {
            sendLearned();
            if (bench != null && !held.isEmpty() && System.nanoTime() - adoptedAt > PATIENCE_NANOS) {
                allowance = Long.MAX_VALUE;
                releaseHeld();
            }
            scheduleLearning();
        });
    }

    @Override
    public void endInput() throws Exception {
        output.collect(LEARNED, new StreamRecord<>(Learned.ended(subtask)));
        while (!held.isEmpty() && (bench == null || isStopped())) {
            mailbox.yield();
        }
        while (!held.isEmpty()) {
            drainHeld();
            while (isStopped()) {
                mailbox.yield();
            }
        }
        sendLearned();
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        sendLearned();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        if (inForceState != null && heldState != null) {
            inForceState.update(inForce == null ? List.of() : List.of(inForce));
            heldState.update(held.all());
        }
        if (breakerState != null && breaker != null) {
            breakerState.update(List.of(breaker.snapshot()));
        }
        if (sequenceState != null && sequences != null) {
            sequenceState.update(sequences.snapshot());
        }
    }

    @Override
    public void close() throws Exception {
        if (reader != null) {
            reader.close();
        }
        if (breaker != null) {
            breaker.close();
        }
        super.close();
    }
}
