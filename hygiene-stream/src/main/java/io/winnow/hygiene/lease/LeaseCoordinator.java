package io.winnow.hygiene.lease;

import java.util.concurrent.CompletableFuture;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.util.FlinkException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the lease where the job is led, in the JobManager: from before its first task is deployed until after its last one
 * has ended, through every restart of tasks. A job that lost its lease fails for good. While it is not sure, a
 * checkpoint waits, so that nothing is made final that another may be doing again.
 */
public final class LeaseCoordinator implements OperatorCoordinator {
    private static final byte[] NO_STATE = new byte[0];

    private final Tenure tenure;
    private final Context context;
    private Tenure.@Nullable Keeping keeping;

    private LeaseCoordinator(Tenure tenure, Context context) {
        this.tenure = tenure;
        this.context = context;
    }

    /** Makes the coordinator of an operator, where the job is led. */
    public static Provider provider(OperatorID operator, Tenure tenure) {
        return new LeaseProvider(operator, tenure);
    }

    /** Travels in the job graph. */
    private record LeaseProvider(OperatorID operator, Tenure tenure) implements Provider {
        @Override
        public OperatorID getOperatorId() {
            return operator;
        }

        @Override
        public OperatorCoordinator create(Context context) {
            return new LeaseCoordinator(tenure, context);
        }
    }

    @Override
    public void start() {
        keeping = tenure.keep(context::failJob);
    }

    @Override
    public void close() {
        if (keeping != null) {
            keeping.close();
        }
    }

    @Override
    public void checkpointCoordinator(long checkpointId, CompletableFuture<byte[]> result) {
        if (keeping == null) {
            result.completeExceptionally(new FlinkException("no checkpoint " + checkpointId + ": not started yet"));
            return;
        }
        keeping.whenSure().whenComplete((sure, lost) -> {
            if (lost == null) {
                result.complete(NO_STATE);
            } else {
                result.completeExceptionally(lost);
            }
        });
    }

    @Override
    public void handleEventFromOperator(int subtask, int attemptNumber, OperatorEvent event) {
        throw new IllegalStateException("tasks have nothing to say to the lease");
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {}

    @Override
    public void resetToCheckpoint(long checkpointId, byte @Nullable [] checkpointData) {}

    @Override
    public void subtaskReset(int subtask, long checkpointId) {}

    @Override
    public void executionAttemptFailed(int subtask, int attemptNumber, @Nullable Throwable reason) {}

    @Override
    public void executionAttemptReady(int subtask, int attemptNumber, SubtaskGateway gateway) {}
}
