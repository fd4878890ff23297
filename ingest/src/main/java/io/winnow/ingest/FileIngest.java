package io.winnow.ingest;

import io.winnow.core.row.Quote;
import io.winnow.core.tabular.FileFormatException;
import io.winnow.core.tabular.FileRecord;
import io.winnow.core.tabular.RecordFile;
import io.winnow.core.topic.StreamTopics;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Sends files to a stream's raw topic, or that of its labels, each record once. The producer's buffer is the back-pressure;
 * its idempotence keeps a retry from doubling a record. A record that fails ends the run: nothing is left out silently.
 *
 * <p>A record that the topic does not take for its size is kept in a file of its own, and the run goes on: to stop there
 * would force a second run that doubles what was sent already.
 */
public final class FileIngest {
    private static final long SHOW_EVERY = TimeUnit.MILLISECONDS.toNanos(100);

    private final IngestPlan plan;
    private final Progress progress;
    private final MonotonicTime time;
    private final InputStream stdin;
    private final Producer<byte[], byte[]> producer;
    private final Aside aside;
    private final Deliveries deliveries;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopped;
    private long bytesBefore;
    private long blankLines;
    private int noted;
    private boolean interrupted;
    private long shown;

    /**
     * A run that is about to start.
     *
     * @param progress is closed at the end
     * @param stdin what {@link IngestPlan#STDIN} reads
     * @throws IngestException if the Kafka client cannot be made from the plan's properties
     */
    public FileIngest(IngestPlan plan, Progress progress, MonotonicTime time, InputStream stdin)
            throws IngestException {
        this(plan, progress, time, stdin, producer(plan));
    }

    FileIngest(
            IngestPlan plan,
            Progress progress,
            MonotonicTime time,
            InputStream stdin,
            Producer<byte[], byte[]> producer) {
        this.plan = plan;
        this.progress = progress;
        this.time = time;
        this.stdin = stdin;
        this.producer = producer;
        this.aside = new Aside(plan.asideFolder().resolve(plan.stream() + ".too-large.ndjson"));
        this.deliveries = new Deliveries(aside);
    }

    private static Producer<byte[], byte[]> producer(IngestPlan plan) throws IngestException {
        try {
            return Producers.create(plan);
        } catch (KafkaException | IllegalArgumentException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IngestException("the Kafka client cannot start: " + cause.getMessage(), 0, e);
        }
    }

    /**
     * Sends everything, and waits until it is acknowledged.
     *
     * @return what was sent; {@link IngestReport#interrupted()} if {@link #stop} ended it
     * @throws IngestException if a file cannot be read or a record cannot be delivered; what was acknowledged stays
     */
    public IngestReport run() throws IngestException {
        long start = time.nanos();
        try (progress;
                producer;
                aside) {
            sendAll();
            return deliveries.report(blankLines, (time.nanos() - start) / 1e9, stopped);
        } catch (IOException e) {
            throw new IngestException(aside.file() + ": cannot be written; is the disk full?", acknowledged(), e);
        } finally {
            ended.countDown();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void sendAll() throws IngestException {
        try {
            StreamTopics topics = new StreamTopics(plan.stream());
            String topic = reachable(plan.labels() ? topics.labels() : topics.raw());
            long total = total();
            Pace pace = new Pace(plan.rate(), time);
            for (Path file : plan.files()) {
                send(file, topic, total, pace);
            }
            producer.flush();
            failIfAnyFailed();
            progress.at(new Progress.Position(deliveries.handedOver(), bytesBefore, total));
        } finally {
            tell();
        }
    }

    /**
     * Asks the run to end: no more is read, and what was read is delivered. Returns when that is done.
     *
     * @param atMost how long to wait for it
     */
    public void stop(Duration atMost) throws InterruptedException {
        stopped = true;
        if (!ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            // The run may hang in a read of the standard input, but what it handed over need not wait for that.
            producer.flush();
        }
    }

    private String reachable(String topic) throws IngestException {
        try {
            if (!producer.partitionsFor(topic).isEmpty()) {
                return topic;
            }
            throw new IngestException(noTopic(topic), 0, new IllegalStateException("no partitions"));
        } catch (KafkaException e) {
            throw new IngestException(e instanceof TimeoutException ? noTopic(topic) : line(e), 0, e);
        }
    }

    private String noTopic(String topic) {
        return "topic " + topic + " cannot be had from " + plan.kafka().get("bootstrap.servers")
                + "; is a broker running there, and the stream started?";
    }

    private long total() throws IngestException {
        long total = 0;
        for (Path file : plan.files()) {
            if (file.equals(IngestPlan.STDIN)) {
                return -1;
            }
            if (!Files.isReadable(file) || Files.isDirectory(file)) {
                throw new IngestException(
                        file + ": is no file that can be read", 0, new NoSuchFileException("" + file));
            }
            try {
                total += Files.size(file);
            } catch (IOException e) {
                throw new IngestException(file + ": its size cannot be read", 0, e);
            }
        }
        return total;
    }

    private void send(Path file, String topic, long total, Pace pace) throws IngestException {
        long line = 0;
        try (RecordFile records = open(file)) {
            while (!stopped) {
                FileRecord record = records.next();
                if (record == null) {
                    break;
                }
                line = record.line();
                pace.await(() -> stopped || deliveries.firstFailure() != null);
                if (stopped) {
                    break;
                }
                // The callback hears of it; nobody waits for one record.
                var unused = producer.send(
                        new ProducerRecord<>(topic, record.key(), record.value()), deliveries.expect(file, record));
                failIfAnyFailed();
                show(records.bytesRead(), total);
            }
            blankLines += records.blankLines();
            bytesBefore += records.bytesRead();
        } catch (IOException e) {
            flushQuietly();
            String message = e instanceof FileFormatException
                    ? String.valueOf(e.getMessage())
                    : file + ": cannot be read on after line " + line + " (" + line(e) + ")";
            throw new IngestException(message + sofar(), acknowledged(), e);
        } catch (KafkaException e) {
            throw new IngestException(file + ":" + line + ": cannot be sent: " + line(e) + sofar(), acknowledged(), e);
        } catch (InterruptedException e) {
            // Like a stop: what was handed over is still delivered, which an interrupted thread could not wait for.
            interrupted = true;
            stopped = true;
        }
    }

    private RecordFile open(Path file) throws IOException {
        return file.equals(IngestPlan.STDIN)
                ? RecordFile.of("standard input", unclosed(stdin), plan.contract())
                : RecordFile.open(file, plan.contract());
    }

    /** The standard input outlives a run. */
    private static InputStream unclosed(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public void close() {}
        };
    }

    private void show(long bytesRead, long total) {
        long now = time.nanos();
        if (now - shown >= SHOW_EVERY) {
            shown = now;
            progress.at(new Progress.Position(deliveries.handedOver(), bytesBefore + bytesRead, total));
            tell();
        }
    }

    /** Passes problems on that were not yet. */
    private void tell() {
        List<String> problems = deliveries.problems();
        for (; noted < problems.size(); noted++) {
            progress.note(problems.get(noted));
        }
    }

    private void failIfAnyFailed() throws IngestException {
        Deliveries.Failure seen = deliveries.firstFailure();
        if (seen == null) {
            return;
        }
        // Closing without waiting ends every delivery still under way: the count is final then, and a line before the
        // one seen may turn out not to be delivered either.
        producer.close(Duration.ZERO);
        Deliveries.Failure first = Objects.requireNonNull(deliveries.firstFailure());
        throw new IngestException(
                first.file() + ":" + first.line() + ": was not acknowledged (" + line(seen.cause())
                        + "); every line before it was, " + acknowledged()
                        + " records in all, and some after it may be among them",
                acknowledged(),
                seen.cause());
    }

    private void flushQuietly() {
        try {
            producer.flush();
        } catch (KafkaException e) {
            // The failure that led here is the one to report; the count says what was delivered.
        }
    }

    private String sofar() {
        return "; " + acknowledged() + " records were acknowledged";
    }

    private long acknowledged() {
        return deliveries.acknowledged();
    }

    private static String line(Exception e) {
        String message = e.getMessage();
        return e.getClass().getSimpleName() + (message == null ? "" : " " + Quote.of(message));
    }
}
