package io.winnow.hygiene.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Breaker;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.Hygiene;
import io.winnow.core.contract.OnRegimeChange;
import io.winnow.core.hygiene.BreakerCounts;
import io.winnow.core.hygiene.ProfileMaker;
import io.winnow.core.topic.DqHeaders;
import io.winnow.hygiene.Samples;
import io.winnow.hygiene.breaker.InMemoryGoAheads;
import io.winnow.hygiene.profile.InMemoryProfileChannel;
import io.winnow.hygiene.record.Delivery;
import io.winnow.hygiene.record.RawRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a judge does when nearly everything is bad. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BreakerTest {
    private static final byte[] GARBAGE = Samples.bytes("not json");

    @TempDir
    Path directory;

    private InMemoryProfileChannel channel = new InMemoryProfileChannel("");
    private InMemoryGoAheads words = new InMemoryGoAheads("");
    private @Nullable OneInputStreamOperatorTestHarness<RawRecord, Delivery> open;

    @BeforeEach
    void fresh(TestInfo test) {
        String name = test.getDisplayName() + System.nanoTime();
        channel = new InMemoryProfileChannel(name);
        words = new InMemoryGoAheads(name);
        channel.append(ProfileMaker.first(
                Samples.GRID, LongStream.range(0, 256).mapToObj(Samples::value).toList()));
    }

    @AfterEach
    void close() throws Exception {
        if (open != null) {
            open.close();
        }
    }

    private OneInputStreamOperatorTestHarness<RawRecord, Delivery> start(
            Breaker.Action action, @Nullable OperatorSubtaskState state) throws Exception {
        close();
        Contract contract = Samples.GRID.with(new Hygiene(10, OnRegimeChange.ADAPT, new Breaker(0.9, action)));
        var harness = new OneInputStreamOperatorTestHarness<RawRecord, Delivery>(
                new JudgeOperatorFactory(Samples.rules(contract, directory), channel, words), 1, 1, 0);
        harness.setup(Types.POJO(Delivery.class)
                .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        if (state == null) {
            harness.initializeEmptyState();
        } else {
            harness.initializeState(state);
        }
        harness.open();
        open = harness;
        runMails(harness);
        return harness;
    }

    private static void runMails(OneInputStreamOperatorTestHarness<?, ?> harness) throws Exception {
        for (var mail = harness.getTaskMailbox().tryTake(0); mail.isPresent(); ) {
            mail.get().run();
            mail = harness.getTaskMailbox().tryTake(0);
        }
    }

    private static void send(
            OneInputStreamOperatorTestHarness<RawRecord, Delivery> h, long from, long to, byte @Nullable [] value)
            throws Exception {
        for (long i = from; i < to; i++) {
            h.processElement(Samples.raw(i, value == null ? Samples.value(i) : value), i);
        }
    }

    private static List<String> judged(OneInputStreamOperatorTestHarness<RawRecord, Delivery> h) {
        List<Delivery> all = new ArrayList<>(h.extractOutputValues());
        var side = h.getSideOutput(JudgeOperator.QUARANTINE);
        if (side != null) {
            side.stream().map(StreamRecord::getValue).forEach(all::add);
        }
        return all.stream()
                .map(d -> DqHeaders.text(d.header(DqHeaders.ID)))
                .distinct()
                .toList();
    }

    @Test
    void stopsJudgingUntilAnOperatorSaysSo() throws Exception {
        var h = start(Breaker.Action.STOP, null);
        send(h, 0, 3_000, null);
        send(h, 3_000, 6_000, GARBAGE);
        int atStop = judged(h).size();
        assertThat(atStop).isBetween(3_000 + BreakerCounts.WINDOW, 3_000 + 2 * BreakerCounts.WINDOW);
        words.say();
        runMails(h);
        // It is let go on: it does not stop again over the same garbage.
        send(h, 6_000, 9_000, GARBAGE);
        assertThat(judged(h)).hasSize(9_000);
        // Good records in between, and it is ready to stop again.
        send(h, 9_000, 13_000, null);
        send(h, 13_000, 16_000, GARBAGE);
        assertThat(judged(h).size()).isBetween(13_000 + BreakerCounts.WINDOW, 13_000 + 2 * BreakerCounts.WINDOW);
    }

    @Test
    void isStoppedAfterARestartToo() throws Exception {
        var h = start(Breaker.Action.STOP, null);
        send(h, 0, 300, GARBAGE);
        assertThat(judged(h)).hasSize(BreakerCounts.STEP);
        OperatorSubtaskState state = h.snapshot(1, 1);
        h = start(Breaker.Action.STOP, state);
        send(h, 300, 310, null);
        assertThat(judged(h)).isEmpty();
        words.say();
        runMails(h);
        assertThat(judged(h)).hasSize(300 - BreakerCounts.STEP + 10);
    }

    @Test
    void aWordThatCameWhileItWasDownIsHeard() throws Exception {
        var h = start(Breaker.Action.STOP, null);
        send(h, 0, 300, GARBAGE);
        OperatorSubtaskState state = h.snapshot(1, 1);
        close();
        open = null;
        words.say();
        h = start(Breaker.Action.STOP, state);
        assertThat(judged(h)).hasSize(300 - BreakerCounts.STEP);
    }

    @Test
    void goesOnWhereTheContractWantsAnAlarmOnly() throws Exception {
        var h = start(Breaker.Action.ALARM, null);
        send(h, 0, 3_000, GARBAGE);
        assertThat(judged(h)).hasSize(3_000);
        OperatorSubtaskState stopped = stopped();
        h = start(Breaker.Action.ALARM, stopped);
        assertThat(judged(h)).as("what was held under another contract").hasSize(50);
    }

    private OperatorSubtaskState stopped() throws Exception {
        var h = start(Breaker.Action.STOP, null);
        send(h, 0, 300, GARBAGE);
        return h.snapshot(1, 1);
    }
}
