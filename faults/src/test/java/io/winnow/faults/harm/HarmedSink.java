package io.winnow.faults.harm;

import io.winnow.faults.harm.Moment.Point;
import io.winnow.hygiene.record.Delivery;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * Flink's Kafka sink, telling {@link Hooks} of each moment.
 *
 * @param <S> the state of its writer
 */
@SuppressWarnings("unchecked")
final class HarmedSink<S>
        implements Sink<Delivery>,
                SupportsWriterState<Delivery, S>,
                SupportsCommitter<KafkaCommittable>,
                SupportsPostCommitTopology<KafkaCommittable> {
    private static final long serialVersionUID = 1;

    private final Sink<Delivery> kafka;
    private final String stream;
    private final String end;

    HarmedSink(Sink<Delivery> kafka, String stream, String end) {
        this.kafka = kafka;
        this.stream = stream;
        this.end = end;
    }

    @Override
    public SinkWriter<Delivery> createWriter(WriterInitContext context) throws IOException {
        return new Writer((StatefulSinkWriter<Delivery, S>) kafka.createWriter(context), subtask(context));
    }

    @Override
    public StatefulSinkWriter<Delivery, S> restoreWriter(WriterInitContext context, Collection<S> state)
            throws IOException {
        return new Writer(((SupportsWriterState<Delivery, S>) kafka).restoreWriter(context, state), subtask(context));
    }

    private static int subtask(WriterInitContext context) {
        return context.getTaskInfo().getIndexOfThisSubtask();
    }

    @Override
    public SimpleVersionedSerializer<S> getWriterStateSerializer() {
        return ((SupportsWriterState<Delivery, S>) kafka).getWriterStateSerializer();
    }

    @Override
    public SimpleVersionedSerializer<KafkaCommittable> getCommittableSerializer() {
        return ((SupportsCommitter<KafkaCommittable>) kafka).getCommittableSerializer();
    }

    @Override
    public void addPostCommitTopology(DataStream<CommittableMessage<KafkaCommittable>> committables) {
        ((SupportsPostCommitTopology<KafkaCommittable>) kafka).addPostCommitTopology(committables);
    }

    @Override
    public Committer<KafkaCommittable> createCommitter(CommitterInitContext context) throws IOException {
        Committer<KafkaCommittable> committer = ((SupportsCommitter<KafkaCommittable>) kafka).createCommitter(context);
        int subtask = context.getTaskInfo().getIndexOfThisSubtask();
        return new Committer<>() {
            @Override
            public void commit(Collection<CommitRequest<KafkaCommittable>> requests)
                    throws IOException, InterruptedException {
                List<String> transactions = requests.stream()
                        .map(r -> r.getCommittable().getTransactionalId())
                        .toList();
                Hooks.tell(stream, Point.BEFORE_COMMIT, end, subtask, transactions);
                committer.commit(requests);
                Hooks.tell(stream, Point.AFTER_COMMIT, end, subtask, transactions);
            }

            @Override
            public void close() throws Exception {
                committer.close();
            }
        };
    }

    /** The writer of one subtask. */
    private final class Writer
            implements StatefulSinkWriter<Delivery, S>, CommittingSinkWriter<Delivery, KafkaCommittable> {
        private final StatefulSinkWriter<Delivery, S> writer;
        private final int subtask;

        Writer(StatefulSinkWriter<Delivery, S> writer, int subtask) {
            this.writer = writer;
            this.subtask = subtask;
        }

        @Override
        public void write(Delivery delivery, Context context) throws IOException, InterruptedException {
            Hooks.tell(stream, Point.WRITE, end, subtask, List.of());
            writer.write(delivery, context);
        }

        @Override
        public void flush(boolean endOfInput) throws IOException, InterruptedException {
            writer.flush(endOfInput);
        }

        @Override
        public Collection<KafkaCommittable> prepareCommit() throws IOException, InterruptedException {
            Hooks.tell(stream, Point.BEFORE_PRE_COMMIT, end, subtask, List.of());
            Collection<KafkaCommittable> prepared =
                    ((CommittingSinkWriter<Delivery, KafkaCommittable>) writer).prepareCommit();
            Hooks.tell(stream, Point.AFTER_PRE_COMMIT, end, subtask, List.of());
            return prepared;
        }

        @Override
        public List<S> snapshotState(long checkpoint) throws IOException {
            return writer.snapshotState(checkpoint);
        }

        @Override
        public void close() throws Exception {
            writer.close();
        }
    }
}
