package io.winnow.hygiene.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.hygiene.lease.LeaseRecord.Kind;
import io.winnow.hygiene.lease.LeaseRecord.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.MockOperatorCoordinatorContext;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.runtime.throwable.ThrowableClassifier;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeaseCoordinatorTest {
    private static final OperatorID OPERATOR = new OperatorID(1, 2);

    /** A tenure whose doubts the test decides. */
    private static final class Doubtful implements Tenure, Tenure.Keeping {
        private static final long serialVersionUID = 1;

        final transient List<CompletableFuture<Void>> asked = new ArrayList<>();
        transient @Nullable Consumer<LeaseLostException> onLoss;
        transient boolean closed;

        @Override
        public Keeping keep(Consumer<LeaseLostException> onLoss) {
            this.onLoss = onLoss;
            return this;
        }

        @Override
        public CompletableFuture<Void> whenSure() {
            CompletableFuture<Void> sure = new CompletableFuture<>();
            asked.add(sure);
            return sure;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void a_checkpoint_waits_until_the_lease_is_sure_and_a_lost_one_ends_the_job_for_good() throws Exception {
        Doubtful tenure = new Doubtful();
        MockOperatorCoordinatorContext context = new MockOperatorCoordinatorContext(OPERATOR, 1);
        OperatorCoordinator coordinator =
                LeaseCoordinator.provider(OPERATOR, tenure).create(context);
        CompletableFuture<byte[]> early = new CompletableFuture<>();
        coordinator.checkpointCoordinator(1, early);
        assertThat(early).isCompletedExceptionally();

        coordinator.start();
        CompletableFuture<byte[]> first = new CompletableFuture<>();
        coordinator.checkpointCoordinator(2, first);
        assertThat(first).isNotDone();
        tenure.asked.get(0).complete(null);
        assertThat(first).isCompletedWithValueMatching(state -> state.length == 0);

        CompletableFuture<byte[]> second = new CompletableFuture<>();
        coordinator.checkpointCoordinator(3, second);
        LeaseLostException lost = new LeaseLostException("taken over");
        tenure.asked.get(1).completeExceptionally(lost);
        tenure.onLoss.accept(lost);
        assertThat(second).isCompletedExceptionally();
        assertThat(context.isJobFailed()).isTrue();
        assertThat(ThrowableClassifier.findThrowableOfThrowableType(
                        context.getJobFailureReason(), ThrowableType.NonRecoverableError))
                .contains(lost);

        coordinator.close();
        assertThat(tenure.closed).isTrue();
    }

    @Test
    void what_compaction_leaves_tells_who_holds_it() {
        LeaseState state = LeaseState.NONE.after(new LeaseRecord(Kind.BEAT, "a", 7, Side.JOB, 900, "there"), 1_000);
        assertThat(state.isHeldBy("a")).isTrue();
        assertThat(state.term()).isEqualTo(7);
        LeaseState late = state.after(new LeaseRecord(Kind.BEAT, "b", 6, Side.JOB, 5, "elsewhere"), 1_100);
        assertThat(late).as("whoever lost it long ago").isEqualTo(state);
        assertThat(LeaseRecord.decode("{\"kind\":\"BEAT\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isEmpty();
        LeaseRecord record = new LeaseRecord(Kind.CLAIM, "a", 0, Side.STARTER, 1, "by process 1");
        assertThat(LeaseRecord.decode(record.encode())).contains(record);
    }
}
