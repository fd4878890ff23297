package io.winnow.faults.harm;

import io.winnow.hygiene.record.Delivery;
import java.lang.reflect.Field;
import java.util.List;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.SinkTransformation;

/** The job as it is defined for production, but each of its sinks tells {@link Hooks} what it is about to do. */
public final class HarmedEnvironment extends StreamExecutionEnvironment {
    /** In the order in which the job is defined. */
    private static final List<String> ENDS = List.of("clean", "quarantine");

    private final String stream;
    private int sinks;

    /**
     * @param settings the job's
     * @param stream whose hooks are told
     */
    public HarmedEnvironment(Configuration settings, String stream) {
        super(settings);
        this.stream = stream;
    }

    @Override
    public void addOperator(Transformation<?> transformation) {
        if (transformation instanceof SinkTransformation<?, ?> sink) {
            wrap(sink, ENDS.get(sinks++));
        }
        super.addOperator(transformation);
    }

    @SuppressWarnings("unchecked")
    private void wrap(SinkTransformation<?, ?> transformation, String end) {
        try {
            // There is no other way in: the job makes its sinks itself, and must be the one that runs in production.
            Field sink = SinkTransformation.class.getDeclaredField("sink");
            sink.setAccessible(true);
            sink.set(transformation, new HarmedSink<>((Sink<Delivery>) sink.get(transformation), stream, end));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Flink's sinks are made otherwise now", e);
        }
    }
}
