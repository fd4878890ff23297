package io.winnow.hygiene.learn;

import io.winnow.hygiene.ContractText;
import io.winnow.hygiene.lease.LeaseCoordinator;
import io.winnow.hygiene.lease.Tenure;
import io.winnow.hygiene.profile.ProfileChannel;
import io.winnow.hygiene.record.Learned;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.CoordinatedOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/**
 * Makes the {@link MergeOperator}, which is never chained: who waits for it must not share its thread. There is one in a job,
 * so that its coordinator is the one that keeps the lease.
 */
public final class MergeOperatorFactory extends AbstractStreamOperatorFactory<String>
        implements OneInputStreamOperatorFactory<Learned, String>, CoordinatedOperatorFactory<String> {
    private static final long serialVersionUID = 2;

    private final ContractText contract;
    private final ProfileChannel channel;
    private final int judges;
    private final Tenure tenure;

    /**
     * Merges for one stream.
     *
     * @param judges judging subtasks, whose input must all be over before the end of input forces a first profile
     * @param tenure the right to run the job
     */
    public MergeOperatorFactory(ContractText contract, ProfileChannel channel, int judges, Tenure tenure) {
        this.contract = contract;
        this.channel = channel;
        this.judges = judges;
        this.tenure = tenure;
        setChainingStrategy(ChainingStrategy.NEVER);
    }

    @Override
    @SuppressWarnings("unchecked") // the type that getStreamOperatorClass promises
    public <T extends StreamOperator<String>> T createStreamOperator(StreamOperatorParameters<String> parameters) {
        return (T) new MergeOperator(parameters, contract, channel, judges);
    }

    @Override
    public OperatorCoordinator.Provider getCoordinatorProvider(String operatorName, OperatorID operatorID) {
        return LeaseCoordinator.provider(operatorID, tenure);
    }

    @Override
    @SuppressWarnings("rawtypes") // Flink's signature
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return MergeOperator.class;
    }
}
