package io.winnow.hygiene.judge;

import io.winnow.hygiene.profile.ProfileChannel;
import io.winnow.hygiene.record.Delivery;
import io.winnow.hygiene.record.RawRecord;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes a {@link JudgeOperator} in each subtask. */
public final class JudgeOperatorFactory extends AbstractStreamOperatorFactory<Delivery>
        implements OneInputStreamOperatorFactory<RawRecord, Delivery> {
    private static final long serialVersionUID = 1;

    private final JudgeRules rules;
    private final ProfileChannel channel;

    /** Judges by these rules, under profiles from this channel. */
    public JudgeOperatorFactory(JudgeRules rules, ProfileChannel channel) {
        this.rules = rules;
        this.channel = channel;
    }

    @Override
    @SuppressWarnings("unchecked") // the type that getStreamOperatorClass promises
    public <T extends StreamOperator<Delivery>> T createStreamOperator(StreamOperatorParameters<Delivery> parameters) {
        return (T) new JudgeOperator(parameters, rules, channel);
    }

    @Override
    @SuppressWarnings("rawtypes") // Flink's signature
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return JudgeOperator.class;
    }
}
