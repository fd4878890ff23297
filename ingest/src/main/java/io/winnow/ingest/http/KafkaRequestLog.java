package io.winnow.ingest.http;

import io.winnow.core.tabular.FileRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * Requests as Kafka transactions: records go to the raw topic, and for each client the last request goes to a compacted
 * topic, under the client's name. The transactional id is the stream's: who begins puts an end to what another left open.
 * An empty key holds who began last.
 */
final class KafkaRequestLog implements RequestLog {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final byte[] OWNER = {};

    private final GatewayTopics.Of topics;
    private final byte[] self;
    private final long memoryBytes;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private @Nullable Producer<byte[], byte[]> producer;
    private boolean begun;

    /**
     * @param topics of the stream
     * @param self names this gateway among those that ever began
     * @param memoryBytes that clients may take
     * @param producers makes transactional ones, all with the same id
     * @param consumers makes ones that read what is committed
     */
    KafkaRequestLog(
            GatewayTopics.Of topics,
            String self,
            long memoryBytes,
            Supplier<Producer<byte[], byte[]>> producers,
            Supplier<Consumer<byte[], byte[]>> consumers) {
        this.topics = topics;
        this.self = self.getBytes(StandardCharsets.UTF_8);
        this.memoryBytes = memoryBytes;
        this.producers = producers;
        this.consumers = consumers;
    }

    @Override
    public Clients open() {
        close();
        Producer<byte[], byte[]> fresh = producers.get();
        producer = fresh;
        fresh.initTransactions();
        Clients clients = new Clients(memoryBytes);
        byte[] owner = read(clients);
        if (begun && !java.util.Arrays.equals(owner, self)) {
            throw new TakenOverException();
        }
        if (!begun) {
            fresh.beginTransaction();
            // The commit waits for it.
            var unused = fresh.send(new ProducerRecord<>(topics.requests(), OWNER, self));
            fresh.commitTransaction();
            begun = true;
        }
        return clients;
    }

    /** Reads what clients sent last; who began last. */
    private byte @Nullable [] read(Clients clients) {
        byte[] owner = null;
        TopicPartition partition = new TopicPartition(topics.requests(), 0);
        List<TopicPartition> one = List.of(partition);
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            consumer.assign(one);
            consumer.seekToBeginning(one);
            long end = consumer.endOffsets(one, PATIENCE).getOrDefault(partition, 0L);
            while (consumer.position(partition, PATIENCE) < end) {
                for (ConsumerRecord<byte[], byte[]> r : consumer.poll(POLL)) {
                    if (r.key() == null || r.value() == null) {
                        continue;
                    }
                    if (r.key().length == 0) {
                        owner = r.value();
                    } else {
                        String client = new String(r.key(), StandardCharsets.UTF_8);
                        Note.decode(r.value()).ifPresent(note -> clients.remember(client, note));
                    }
                }
            }
        }
        return owner;
    }

    @Override
    public List<Receipt> write(List<Submission> requests) {
        Producer<byte[], byte[]> p = producer;
        if (p == null) {
            throw new IllegalStateException("open it first");
        }
        List<Receipt> receipts;
        try {
            p.beginTransaction();
            receipts = send(p, requests);
        } catch (RecordTooLargeException | RecordBatchTooLargeException e) {
            p.abortTransaction();
            throw new TooLargeException(e);
        } catch (KafkaException e) {
            // A producer that met such a record refuses the next one, and names it as the cause.
            if (e.getCause() instanceof RecordTooLargeException) {
                p.abortTransaction();
                throw new TooLargeException(e);
            }
            throw e;
        }
        try {
            p.commitTransaction();
        } catch (KafkaException e) {
            throw new UncertainException(e);
        }
        return receipts;
    }

    /** Sends records and notes, and waits until all of them lie there: after this only the commit is missing. */
    private List<Receipt> send(Producer<byte[], byte[]> p, List<Submission> requests) {
        List<List<Future<RecordMetadata>>> sent = new ArrayList<>(requests.size());
        for (Submission request : requests) {
            List<Future<RecordMetadata>> places =
                    new ArrayList<>(request.records().size());
            for (FileRecord r : request.records()) {
                places.add(p.send(new ProducerRecord<>(topics.raw(), r.key(), r.value())));
            }
            sent.add(places);
        }
        p.flush();
        List<Receipt> receipts = new ArrayList<>(requests.size());
        List<Future<RecordMetadata>> notes = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            Receipt.Builder gathered = new Receipt.Builder();
            for (Future<RecordMetadata> place : sent.get(i)) {
                RecordMetadata at = get(place);
                gathered.add(at.partition(), at.offset());
            }
            Receipt receipt = gathered.build();
            receipts.add(receipt);
            String digest = requests.get(i).digest();
            requests.get(i)
                    .turn()
                    .ifPresent(turn -> notes.add(p.send(new ProducerRecord<>(
                            topics.requests(),
                            turn.client().getBytes(StandardCharsets.UTF_8),
                            new Note(turn.sequence(), digest, receipt).encode()))));
        }
        p.flush();
        notes.forEach(KafkaRequestLog::get);
        return receipts;
    }

    private static RecordMetadata get(Future<RecordMetadata> acknowledged) {
        try {
            return acknowledged.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException k ? k : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while records were on their way", e);
        }
    }

    /** Lets go of it at once: what is open is undone by the next {@link #open}, or by its timeout. */
    @Override
    public void close() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }
}
