package io.winnow.app.bench;

import io.winnow.app.Failure;
import io.winnow.app.kafka.EmbeddedBroker;
import io.winnow.app.kafka.Ports;
import io.winnow.app.kafka.StreamTopicPlan;
import io.winnow.app.kafka.StreamTopicsSetup;
import io.winnow.app.system.TrainerOrder;
import io.winnow.app.system.TrainerProcess;
import io.winnow.app.terminal.Terminal;
import io.winnow.core.topic.StreamTopics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Measures a trainer in its own process, as {@code run} starts it but for its heap, all of which is in memory from the
 * start: from a full clean topic to the first published model, then one training after another on the same window, and what
 * memory the process has.
 */
public final class TrainingBench {
    private static final int PARTITIONS = 2;
    private static final String TOKEN = "bench";
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final double KIB_PER_MIB = 1024;
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s*(\\d+) kB");
    private static final Pattern PEAK = Pattern.compile("(?m)^VmHWM:\\s*(\\d+) kB");

    private final TrainingPlan plan;
    private final Terminal terminal;
    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = Ports.free(0, "the trainer");

    private TrainingBench(TrainingPlan plan, Terminal terminal) {
        this.plan = plan;
        this.terminal = terminal;
    }

    /**
     * Measures.
     *
     * @param folder takes the broker's log, the trainer's and its models
     * @throws Failure if no model is published, or the trainer ends
     */
    public static TrainingReport run(Path folder, TrainingPlan plan, Terminal terminal) {
        TrainingBench bench = new TrainingBench(plan, terminal);
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), Ports.free(0, "the broker"))) {
            String contract = TrainingStream.contract(plan.rows());
            StreamTopics topics = StreamTopics.of(TrainingStream.read(contract));
            terminal.progress("writing the rows");
            StreamTopicsSetup.ensure(broker.clientSettings(), List.of(StreamTopicPlan.of(topics, PARTITIONS, 0)));
            bench.fill(broker.clientSettings(), topics.clean());
            TrainerOrder order = new TrainerOrder(
                    contract,
                    broker.clientSettings(),
                    folder.resolve("models").toString(),
                    folder.resolve("logs").toString(),
                    1,
                    bench.port,
                    TOKEN,
                    plan.seed());
            return bench.measure(folder.resolve("logs"), order);
        }
    }

    private void fill(Map<String, String> kafka, String clean) {
        TrainingStream stream = new TrainingStream(plan.seed());
        AtomicReference<@Nullable Exception> refused = new AtomicReference<>();
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("linger.ms", "20");
        settings.put("batch.size", "131072");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int n = 0; n < plan.rows(); n++) {
                producer.send(new ProducerRecord<>(clean, n % PARTITIONS, null, stream.next()), (where, e) -> {
                    if (e != null) {
                        refused.compareAndSet(null, e);
                    }
                });
            }
        }
        Exception e = refused.get();
        if (e != null) {
            throw new Failure("the embedded broker did not take a record (" + e.getMessage() + ")", e);
        }
    }

    private TrainingReport measure(Path logs, TrainerOrder order) {
        long start = System.nanoTime();
        List<Double> seconds = new ArrayList<>();
        List<Double> resident = new ArrayList<>();
        try (TrainerProcess trainer =
                TrainerProcess.start(order, logs, plan.memoryMiB(), wholeHeap(), terminal::line)) {
            terminal.progress("reading the rows, and the first training");
            await(trainer, 1, seconds, resident);
            if (metric("winnow_trainer_published_total") < 1) {
                throw new Failure("the first training published no model, so nothing was measured; try more rows");
            }
            double published = (System.nanoTime() - start) / 1e9;
            Double cpu = trainer.process()
                    .flatMap(p -> p.info().totalCpuDuration())
                    .map(took -> took.toMillis() / 1e3)
                    .orElse(null);
            terminal.line("%,d rows read, trained and published in %.1f s", plan.rows(), published);
            if (cpu != null) {
                terminal.line("its process took %.1f s of CPU for that", cpu);
            }
            for (int n = 1; n <= plan.retrains(); n++) {
                terminal.progress("training again, " + n + " of " + plan.retrains());
                retrain();
                await(trainer, 1 + n, seconds, resident);
            }
            Double peak = trainer.process().flatMap(p -> memory(p, PEAK)).orElse(null);
            return new TrainingReport(plan, published, cpu, seconds, resident, peak);
        }
    }

    /** The whole heap lies in memory from the start: what grows is then no part of it that was not used before. */
    private List<String> wholeHeap() {
        return List.of("-Xms" + plan.memoryMiB() + "m", "-XX:+AlwaysPreTouch");
    }

    /** Until this many trainings have ended. */
    private void await(TrainerProcess trainer, int trainings, List<Double> seconds, List<Double> resident) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        ProcessHandle process =
                trainer.process().orElseThrow(() -> new Failure("the trainer has ended; nothing was measured"));
        while (metric("winnow_trainer_training_seconds_count") < trainings) {
            if (!process.isAlive()) {
                throw new Failure("the trainer ended in training " + trainings + "; it may lack memory");
            }
            if (System.nanoTime() > deadline) {
                throw new Failure("no training ended within " + PATIENCE.toMinutes() + " minutes");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        double before = seconds.stream().mapToDouble(Double::doubleValue).sum();
        seconds.add(metric("winnow_trainer_training_seconds_sum") - before);
        memory(process, RESIDENT).ifPresent(resident::add);
    }

    private void retrain() {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(page("/retrain"))
                            .header("Authorization", "Bearer " + TOKEN)
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new Failure("the trainer does not train again: " + answer.body());
            }
        } catch (IOException e) {
            throw new Failure("the trainer does not answer: " + e, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** A figure of the trainer's; −1 while it does not answer. */
    private double metric(String name) {
        try {
            String text = http.send(
                            HttpRequest.newBuilder(page("/metrics")).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            Matcher matcher =
                    Pattern.compile("(?m)^" + name + "\\{[^}]*\\} (\\S+)$").matcher(text);
            return matcher.find() ? Double.parseDouble(matcher.group(1)) : -1;
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private URI page(String path) {
        return URI.create("http://" + Ports.LOOPBACK + ":" + port + path);
    }

    private static Failure interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Failure("interrupted while waiting for the trainer", e);
    }

    /** MiB, where the system is Linux. */
    private static Optional<Double> memory(ProcessHandle process, Pattern which) {
        try {
            Matcher matcher = which.matcher(Files.readString(Path.of("/proc", "" + process.pid(), "status")));
            return matcher.find() ? Optional.of(Long.parseLong(matcher.group(1)) / KIB_PER_MIB) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
