package io.winnow.hygiene;

import io.winnow.core.contract.Breaker;
import io.winnow.core.topic.StreamTopics;
import io.winnow.hygiene.breaker.GatedSource;
import io.winnow.hygiene.breaker.GoAheads;
import io.winnow.hygiene.judge.JudgeOperator;
import io.winnow.hygiene.judge.JudgeOperatorFactory;
import io.winnow.hygiene.judge.JudgeRules;
import io.winnow.hygiene.learn.DecidedValues;
import io.winnow.hygiene.learn.MergeOperatorFactory;
import io.winnow.hygiene.learn.RawLookup;
import io.winnow.hygiene.lease.Tenure;
import io.winnow.hygiene.profile.ProfileChannel;
import io.winnow.hygiene.record.Delivery;
import io.winnow.hygiene.record.Learned;
import io.winnow.hygiene.record.RawRecord;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The job, as a function of its ends.
 *
 * <pre>
 * raw ─▶ judge ─▶ clean            one thread for each parallel subtask
 *          │ └──▶ quarantine
 *          └ learned ─▶ merge ─▶ profiles ─ ─ (read back by every judge)
 * decisions ─▶ decided values ─┘
 * </pre>
 */
public final class HygieneTopology {
    /** A profile is wanted soon: what was learned does not wait for a full buffer. */
    private static final long LEARNED_FLUSH_MILLIS = 10;

    private HygieneTopology() {}

    /**
     * Where records come from and go to.
     *
     * @param raw raw records
     * @param clean takes accepted records
     * @param quarantine takes the rest
     * @param profiles carries profiles from the merger to the judges
     * @param decisions operators' decisions as JSON
     * @param rawLookup finds released records
     * @param goAheads where operators say that a stopped stream is to go on
     */
    public record Ends(
            Source<RawRecord, ?, ?> raw,
            Sink<Delivery> clean,
            Sink<Delivery> quarantine,
            ProfileChannel profiles,
            Source<byte[], ?, ?> decisions,
            RawLookup rawLookup,
            GoAheads goAheads) {}

    /**
     * Adds the job to an environment, with the environment's parallelism.
     *
     * @param rules what a judging subtask needs to know
     * @param tenure the right to run it
     */
    public static void define(StreamExecutionEnvironment env, Ends ends, JudgeRules rules, Tenure tenure) {
        StreamTopics topics = StreamTopics.of(rules.contract().contract());
        boolean stops = rules.contract().contract().hygiene().breaker().action() == Breaker.Action.STOP;
        DataStream<RawRecord> raw = env.fromSource(
                        stops ? GatedSource.of(ends.raw()) : ends.raw(),
                        WatermarkStrategy.noWatermarks(),
                        topics.raw(),
                        Types.POJO(RawRecord.class))
                .uid("raw");
        SingleOutputStreamOperator<Delivery> judged = raw.transform(
                        "judge",
                        Types.POJO(Delivery.class),
                        new JudgeOperatorFactory(rules, ends.profiles(), ends.goAheads()))
                .name("judge")
                .uid("judge")
                .setBufferTimeout(LEARNED_FLUSH_MILLIS);
        judged.sinkTo(ends.clean()).name(topics.clean()).uid("clean");
        judged.getSideOutput(JudgeOperator.QUARANTINE)
                .sinkTo(ends.quarantine())
                .name(topics.quarantine())
                .uid("quarantine");

        DataStream<Learned> decided = env.fromSource(
                        ends.decisions(),
                        WatermarkStrategy.noWatermarks(),
                        topics.decisions(),
                        PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)
                .uid("decisions")
                .setParallelism(1)
                .flatMap(new DecidedValues(ends.rawLookup()))
                .returns(Types.POJO(Learned.class))
                .name("decided values")
                .uid("decided-values")
                .setParallelism(1);
        judged.getSideOutput(JudgeOperator.LEARNED)
                .union(decided)
                .transform(
                        "merge",
                        Types.STRING,
                        new MergeOperatorFactory(rules.contract(), ends.profiles(), env.getParallelism(), tenure))
                .name("merge")
                .uid("merge")
                .setParallelism(1);
    }
}
