package io.winnow.app.bench;

import io.winnow.hygiene.HygieneConfig;
import io.winnow.hygiene.HygieneJob;
import io.winnow.hygiene.HygieneTopology;
import io.winnow.hygiene.kafka.KafkaEnds;
import io.winnow.hygiene.kafka.Preflight;
import io.winnow.hygiene.record.Delivery;
import io.winnow.hygiene.record.RawRecord;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** The hygiene job without hygiene: the same source, sinks, settings and guarantees, and every record is clean. */
final class IdentityJob {
    private static final OutputTag<Delivery> QUARANTINE = new OutputTag<>("quarantine", Types.POJO(Delivery.class));

    private IdentityJob() {}

    /** A job graph, ready to be submitted. */
    static JobGraph prepare(HygieneConfig config) {
        HygieneTopology.Ends ends = KafkaEnds.of(config, Preflight.check(config));
        StreamExecutionEnvironment env = new StreamExecutionEnvironment(HygieneJob.settings(config));
        SingleOutputStreamOperator<Delivery> passed = env.fromSource(
                        ends.raw(), WatermarkStrategy.noWatermarks(), "raw", Types.POJO(RawRecord.class))
                .uid("raw")
                .process(new Pass())
                .returns(Types.POJO(Delivery.class))
                .name("pass")
                .uid("pass");
        passed.sinkTo(ends.clean()).name("clean").uid("clean");
        passed.getSideOutput(QUARANTINE)
                .sinkTo(ends.quarantine())
                .name("quarantine")
                .uid("quarantine");
        return env.getStreamGraph().getJobGraph();
    }

    /** Passes a record on as it is. */
    private static final class Pass extends ProcessFunction<RawRecord, Delivery> {
        private static final long serialVersionUID = 1;

        @Override
        public void processElement(RawRecord raw, Context context, Collector<Delivery> out) {
            out.collect(new Delivery(
                    raw.partition(), raw.timestamp(), raw.key(), raw.value(), raw.headerNames(), raw.headerValues()));
        }
    }
}
