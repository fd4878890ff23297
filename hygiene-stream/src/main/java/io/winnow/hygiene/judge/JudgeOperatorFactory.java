package io.winnow.hygiene.judge;

import io.winnow.hygiene.breaker.GoAheads;
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
    private final GoAheads goAheads;

    /** Judges by these rules, under profiles from this channel; goes on, once stopped, when told there. */
    public JudgeOperatorFactory(JudgeRules rules, ProfileChannel channel, GoAheads goAheads) {
        this.rules = rules;
        this.channel = channel;
        this.goAheads = goAheads;
    }

    @Override
    @SuppressWarnings("unchecked") // the type that getStreamOperatorClass promises
    public <T extends StreamOperator<Delivery>> T createStreamOperator(StreamOperatorParameters<Delivery> parameters) {
        return (T) new JudgeOperator(parameters, rules, channel, goAheads);
    }

    @Override
    @SuppressWarnings("rawtypes") // Flink's signature
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return JudgeOperator.class;
    }
}
