package io.winnow.hygiene.breaker;

import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * A source behind a {@link Gate}. Its state is that of the source alone: a job can be restored with and without the gate.
 *
 * @param <T> records
 * @param <S> the source's splits
 * @param <E> its enumerator's state
 */
public final class GatedSource<T, S extends SourceSplit, E> implements Source<T, S, E> {
    private static final long serialVersionUID = 1;

    private final Source<T, S, E> source;

    private GatedSource(Source<T, S, E> source) {
        this.source = source;
    }

    /** This source, behind the gate of its task. */
    public static <T, S extends SourceSplit, E> Source<T, S, E> of(Source<T, S, E> source) {
        return new GatedSource<>(source);
    }

    @Override
    public SourceReader<T, S> createReader(SourceReaderContext context) throws Exception {
        return new GatedReader<>(
                source.createReader(context), Gate.of(context.metricGroup().getAllVariables()));
    }

    @Override
    public Boundedness getBoundedness() {
        return source.getBoundedness();
    }

    @Override
    public SplitEnumerator<S, E> createEnumerator(SplitEnumeratorContext<S> context) throws Exception {
        return source.createEnumerator(context);
    }

    @Override
    public SplitEnumerator<S, E> restoreEnumerator(SplitEnumeratorContext<S> context, E state) throws Exception {
        return source.restoreEnumerator(context, state);
    }

    @Override
    public SimpleVersionedSerializer<S> getSplitSerializer() {
        return source.getSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<E> getEnumeratorCheckpointSerializer() {
        return source.getEnumeratorCheckpointSerializer();
    }
}
