package io.winnow.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.trainer.archive.ModelSpec.Shape;
import io.winnow.trainer.archive.OptimizerSpec;
import io.winnow.trainer.learn.Devices;
import io.winnow.trainer.learn.Hyperparameters;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A trainer that is stopped, by its owner or by a signal, while PyTorch computes. */
@ExtendWith(TorchTest.class)
@Timeout(120)
class TrainerStopTest {
    /** Trains far longer than any test; an epoch takes a fraction of a second. */
    private static final Hyperparameters ENDLESS = new Hyperparameters(
            new Shape(64, 2, 0), OptimizerSpec.DEFAULT, 32, 1e-3, 1_000_000, 1_000_000_000, 1_000_000);

    @TempDir
    Path data;

    /** A topic in memory that counts how often it is closed. */
    private static class Topic extends MockConsumer<byte[], byte[]> {
        final AtomicInteger closes = new AtomicInteger();

        Topic(String name, List<ConsumerRecord<byte[], byte[]>> records) {
            super("earliest");
            Map<TopicPartition, Long> ends = new HashMap<>();
            for (int p = 0; p < 2; p++) {
                ends.put(new TopicPartition(name, p), 0L);
            }
            updatePartitions(
                    name,
                    ends.keySet().stream()
                            .map(p -> new PartitionInfo(name, p.partition(), Node.noNode(), new Node[0], new Node[0]))
                            .toList());
            updatePartitions("s.quarantine", List.of());
            updateBeginningOffsets(ends);
            assign(ends.keySet());
            for (ConsumerRecord<byte[], byte[]> record : records) {
                addRecord(record);
                ends.merge(new TopicPartition(name, record.partition()), record.offset() + 1, Math::max);
            }
            updateEndOffsets(ends);
            ends.keySet().forEach(p -> seek(p, 0));
        }

        @Override
        public void close() {
            closes.incrementAndGet();
            super.close();
        }
    }

    private static TrainerService start(Path data, Topic clean, Topic promotions) throws IOException {
        TrainerConfig config = new TrainerConfig(
                Streams.regression(20_000),
                Streams.yaml("number", 20_000),
                Map.of("bootstrap.servers", "none:1"),
                data.resolve("models"),
                20,
                0,
                "secret",
                42);
        MockProducer<byte[], byte[]> producer =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        return TrainerService.start(config, new Clients(promotions, clean, producer), InstantSource.system(), ENDLESS);
    }

    /** Until the learner has its archive in the scratch directory: from then on it is in native calls nearly always. */
    private static void awaitTraining(Path data) throws IOException {
        Path scratch = data.resolve("djl-cache").resolve("scratch");
        boolean training = false;
        while (!training) {
            LockSupport.parkNanos(1_000_000);
            try (Stream<Path> files = Files.isDirectory(scratch) ? Files.list(scratch) : Stream.empty()) {
                training = files.findAny().isPresent();
            }
        }
    }

    @Test
    void twoThatCloseItDuringATrainingBothWaitForItsEndAndItIsLetGoOfOnce() throws Exception {
        Topic clean = new Topic("s.clean", TrainerServiceTest.rows(2_000, true));
        Topic promotions = new Topic("s.promotions", List.of());
        TrainerService service = start(data, clean, promotions);
        awaitTraining(data);
        ExecutorService closers = Executors.newFixedThreadPool(2);
        try {
            List<Future<Boolean>> closed = closers.invokeAll(
                    List.of(() -> service.close(Duration.ofMinutes(1)), () -> service.close(Duration.ofMinutes(1))));
            for (Future<Boolean> one : closed) {
                assertThat(one.get()).isTrue();
            }
        } finally {
            closers.shutdown();
        }
        assertThat(clean.closes).hasValue(1);
        assertThat(promotions.closes).hasValue(1);
        service.awaitEnd();
    }

    @Test
    void whatIsInUseIsNotLetGoOf() throws Exception {
        CountDownLatch under = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Topic clean = new Topic("s.clean", List.of()) {
            @Override
            public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                // Like a native call: nothing interrupts it.
                under.countDown();
                boolean done = false;
                while (!done) {
                    try {
                        done = over.await(1, TimeUnit.MINUTES);
                    } catch (InterruptedException e) {
                        done = false;
                    }
                }
                return ConsumerRecords.empty();
            }
        };
        TrainerService service = start(data, clean, new Topic("s.promotions", List.of()));
        under.await();
        assertThat(service.close(Duration.ofMillis(20))).isFalse();
        assertThat(clean.closes).hasValue(0);
        over.countDown();
        assertThat(service.close(Duration.ofMinutes(1))).isTrue();
        assertThat(clean.closes).hasValue(1);
    }

    @Test
    void aSignalDuringATrainingEndsTheProcessInOrder() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TrainerStopTest.class.getName(),
                        data.toString(),
                        Path.of("target", "djl-cache").toAbsolutePath().toString())
                .directory(data.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("training");
            // Process.destroy() would close the pipe that is read here.
            process.toHandle().destroy();
            assertThat(out.readLine()).isEqualTo("let go of s.promotions");
            assertThat(out.readLine()).isEqualTo("let go of s.clean");
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as("SIGTERM, no crash").isEqualTo(143);
        assertThat(data)
                .isDirectoryNotContaining(p -> p.getFileName().toString().startsWith("hs_err"));
    }

    /** A topic that says when it is closed. */
    private static final class Telling extends Topic {
        private final String name;

        Telling(String name, List<ConsumerRecord<byte[], byte[]>> records) {
            super(name, records);
            this.name = name;
        }

        @Override
        public void close() {
            super.close();
            System.out.println("let go of " + name);
        }
    }

    /** The process that the signal ends. */
    public static void main(String[] args) throws Exception {
        Path data = Path.of(args[0]);
        Devices.prepare(Path.of(args[1]));
        TrainerService service = start(
                data,
                new Telling("s.clean", TrainerServiceTest.rows(20_000, true)),
                new Telling("s.promotions", List.of()));
        awaitTraining(data);
        System.out.println("training");
        service.awaitEnd();
    }
}
