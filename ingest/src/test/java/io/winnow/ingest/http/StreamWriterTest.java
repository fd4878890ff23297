package io.winnow.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.core.tabular.FileRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StreamWriterTest {
    private final Budget budget = new Budget(1 << 20);
    private final FakeLog log = new FakeLog();
    private final CompletableFuture<Void> takenOver = new CompletableFuture<>();

    /** A log in memory that does what it is told: one step for each call. */
    private static final class FakeLog implements RequestLog {
        /** What becomes of a write. */
        enum Step {
            WRITE,
            REFUSE,
            WRITE_UNHEARD,
            TOO_LARGE
        }

        private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
        private final List<List<Submission>> groups = new CopyOnWriteArrayList<>();
        private final List<Note> notes = new ArrayList<>();
        private final BlockingQueue<Boolean> openings = new LinkedBlockingQueue<>(List.of(true));
        private final CompletableFuture<Void> closed = new CompletableFuture<>();
        private boolean rival;
        private long next;

        @Override
        public Clients open() {
            if (rival) {
                throw new TakenOverException();
            }
            if (!take(openings)) {
                throw new TimeoutException("away");
            }
            Clients clients = new Clients(1 << 20);
            notes.forEach(note -> clients.remember("c", note));
            return clients;
        }

        @Override
        public List<Receipt> write(List<Submission> requests) {
            groups.add(requests);
            Step step = take(steps);
            if (step == Step.REFUSE) {
                throw new KafkaException("refused");
            }
            if (step == Step.TOO_LARGE) {
                throw new TooLargeException(new KafkaException());
            }
            List<Receipt> receipts = new ArrayList<>();
            for (Submission request : requests) {
                Receipt receipt = new Receipt.Builder().add(0, next++).build();
                receipts.add(receipt);
                request.turn().ifPresent(t -> notes.add(new Note(t.sequence(), request.digest(), receipt)));
            }
            if (step == Step.WRITE_UNHEARD) {
                throw new UncertainException(new KafkaException("unheard"));
            }
            return receipts;
        }

        private static <T> T take(BlockingQueue<T> steps) {
            try {
                T step = steps.poll(30, TimeUnit.SECONDS);
                assertThat(step).as("the test's next step").isNotNull();
                return step;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            closed.complete(null);
        }
    }

    private Submission request(long sequence, String digest) {
        return request(Optional.of(new Turn("c", sequence)), digest);
    }

    private Submission request(Optional<Turn> turn, String digest) {
        Budget.Lease lease = budget.lease();
        lease.add(100);
        byte[] value = "{}".getBytes(StandardCharsets.UTF_8);
        return new Submission(turn, digest, List.of(new FileRecord(1, null, value, null)), lease);
    }

    private StreamWriter writer() {
        return new StreamWriter("s", log, () -> takenOver.complete(null));
    }

    private static Receipt join(StreamWriter.Taken taken) {
        return taken.request().outcome().join();
    }

    private static void assertRefused(int status, String why, Runnable call) {
        assertThatThrownBy(call::run).satisfies(e -> {
            Throwable cause = e instanceof CompletionException ? e.getCause() : e;
            assertThat(cause).hasMessageContaining(why);
            assertThat(((Refusal) cause).status()).isEqualTo(status);
        });
    }

    @Test
    void writesInOrderAndTogetherWhatArrivesMeanwhile() {
        try (StreamWriter writer = writer()) {
            var first = writer.take(request(Optional.empty(), "a"));
            var others = new ArrayList<StreamWriter.Taken>();
            for (int i = 0; i < 10; i++) {
                others.add(writer.take(request(Optional.empty(), "b")));
            }
            for (int i = 0; i < 11; i++) {
                log.steps.add(FakeLog.Step.WRITE);
            }
            assertThat(join(first).offsets()).isEqualTo("0:0");
            for (int i = 0; i < 10; i++) {
                assertThat(join(others.get(i)).offsets()).isEqualTo("0:" + (i + 1));
            }
        }
        assertThat(log.groups.size()).isLessThanOrEqualTo(3);
        assertThat(budget.used()).isZero();
        assertThat(log.closed).isDone();
    }

    @Test
    void aTurnIsWrittenOnce() {
        try (StreamWriter writer = writer()) {
            var first = writer.take(request(4, "a"));
            var second = writer.take(request(4, "a"));
            assertThat(first.repeated()).isFalse();
            assertThat(second.repeated()).isTrue();
            assertRefused(409, "still under way", () -> writer.take(request(5, "b")));
            assertRefused(409, "another body", () -> writer.take(request(4, "b")));
            log.steps.add(FakeLog.Step.WRITE);
            assertThat(join(second)).isEqualTo(join(first));
            assertThat(join(writer.take(request(4, "a")))).isEqualTo(join(first));
            assertRefused(409, "another body", () -> writer.take(request(4, "b")));
            assertRefused(409, "too old", () -> writer.take(request(3, "a")));
            assertRefused(409, "send 5 first", () -> writer.take(request(6, "a")));
            log.steps.add(FakeLog.Step.WRITE);
            assertThat(join(writer.take(request(5, "b"))).offsets()).isEqualTo("0:1");
        }
    }

    @Test
    void beginsAgainAfterAFailureAndKnowsWhatWasWritten() {
        try (StreamWriter writer = writer()) {
            var lost = writer.take(request(1, "a"));
            log.steps.add(FakeLog.Step.REFUSE);
            assertRefused(503, "nothing was written", () -> join(lost));
            assertRefused(503, "Kafka does not take", () -> writer.take(request(1, "a")));
            assertThat(writer.isReady()).isFalse();
            log.openings.add(false);
            log.openings.add(true);
            awaitReady(writer);
            var unheard = writer.take(request(1, "a"));
            log.steps.add(FakeLog.Step.WRITE_UNHEARD);
            assertRefused(503, "not known whether it was written", () -> join(unheard));
            log.openings.add(true);
            awaitReady(writer);
            var again = writer.take(request(1, "a"));
            assertThat(again.repeated()).isTrue();
            assertThat(join(again).offsets()).isEqualTo("0:0");
        }
    }

    private static void awaitReady(StreamWriter writer) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!writer.isReady() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(writer.isReady()).isTrue();
    }

    @Test
    void aRecordThatIsTooLargeCostsNobodyElse() {
        try (StreamWriter writer = writer()) {
            var first = writer.take(request(Optional.empty(), "a"));
            while (log.groups.isEmpty()) {
                Thread.onSpinWait();
            }
            var large = writer.take(request(Optional.empty(), "b"));
            var small = writer.take(request(Optional.empty(), "c"));
            log.steps.add(FakeLog.Step.WRITE);
            join(first);
            log.steps.add(FakeLog.Step.TOO_LARGE);
            log.steps.add(FakeLog.Step.TOO_LARGE);
            log.steps.add(FakeLog.Step.WRITE);
            assertRefused(413, "larger than the topic takes", () -> join(large));
            assertThat(join(small).offsets()).isEqualTo("0:1");
        }
        assertThat(budget.used()).isZero();
    }

    @Test
    void endsWhereAnotherGatewayHasBegun() {
        try (StreamWriter writer = writer()) {
            var lost = writer.take(request(1, "a"));
            log.rival = true;
            log.steps.add(FakeLog.Step.REFUSE);
            assertRefused(503, "nothing was written", () -> join(lost));
            takenOver.join();
            assertRefused(503, "another gateway", () -> writer.take(request(1, "a")));
        }
    }

    @Test
    void stopsOnlyWhenAllIsWritten() {
        StreamWriter writer = writer();
        var taken = writer.take(request(1, "a"));
        CompletableFuture<Void> closing = CompletableFuture.runAsync(writer::close);
        while (writer.isReady()) {
            Thread.onSpinWait();
        }
        assertRefused(503, "stopping", () -> writer.take(request(2, "b")));
        log.steps.add(FakeLog.Step.WRITE);
        assertThat(join(taken).offsets()).isEqualTo("0:0");
        closing.join();
        assertThat(log.closed).isDone();
    }
}
