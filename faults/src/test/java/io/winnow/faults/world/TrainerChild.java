package io.winnow.faults.world;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.winnow.app.Winnow;
import io.winnow.app.kafka.Ports;
import io.winnow.app.system.TrainerOrder;
import io.winnow.core.model.Promotion;
import io.winnow.core.topic.StreamTopics;
import io.winnow.trainer.learn.Devices;
import io.winnow.trainer.registry.Registry;
import io.winnow.trainer.store.CorruptModelException;
import io.winnow.trainer.store.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A run's trainer: its process, its files, and what the registry says. */
public final class TrainerChild {
    private final Run run;
    private final Path models;

    /** The trainer of a run; none is started yet. */
    public TrainerChild(Run run, Path models) {
        this.run = run;
        this.models = models;
    }

    /** Where a run's models go by default: PyTorch is unpacked beside it, once for all runs. */
    public static Path sharedModels(Run run) {
        return run.world().directory().resolve("trainers").resolve("models");
    }

    /** Starts the process, as {@code winnow run} does. */
    public Child start() throws IOException {
        Child child =
                Child.start(Winnow.class, "768m", logs().resolve("out.txt"), Devices.environment(), List.of("trainer"));
        child.tell(new ObjectMapper()
                .writeValueAsString(new TrainerOrder(
                        run.yaml(),
                        run.kafka(),
                        models.toString(),
                        logs().toString(),
                        20,
                        Ports.free(0, "the trainer"),
                        RoleProcess.TOKEN,
                        run.seed())));
        return run.closing(child);
    }

    private Path logs() {
        return run.directory().resolve("trainer");
    }

    /** Whether its log says something. */
    public boolean hasLogged(String text) throws IOException {
        Path log = logs().resolve("trainer-" + run.stream() + ".log");
        return Files.exists(log) && Files.readString(log).contains(text);
    }

    /** What lies in its scratch directory, where a training keeps its archive. */
    public Set<Path> scratch() throws IOException {
        return files(
                models.toAbsolutePath().normalize().resolveSibling("djl-cache").resolve("scratch"));
    }

    /** What lies in its store, unfinished directories included. */
    public Set<Path> stored() throws IOException {
        return files(models.resolve(run.stream()));
    }

    private static Set<Path> files(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.collect(Collectors.toCollection(HashSet::new));
        }
    }

    /** The models' store, for reading. */
    public ModelStore store() {
        return ModelStore.reading(models, run.stream());
    }

    /** Where a model's files are. */
    public Path directory(String id) {
        return models.resolve(run.stream()).resolve(id);
    }

    /** Who is champion by the registry. */
    public Optional<String> champion() {
        return registry(registry -> registry.read(() -> false).history().champion());
    }

    /** Retires a champion, so that the next model need not beat it. */
    public void retire(String id) {
        registry(registry -> registry.record(new Promotion(
                run.stream(),
                Promotion.Action.RETIRE,
                id,
                Instant.now().toString(),
                "ada",
                "the next one shall come")));
    }

    private interface Asked<T> {
        T ask(Registry registry) throws IOException, InterruptedException;
    }

    private <T> T registry(Asked<T> asked) {
        Map<String, Object> reading = new HashMap<>(run.kafka());
        reading.put("isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                var producer = new KafkaProducer<>(
                        new HashMap<String, Object>(run.kafka()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            return asked.ask(new Registry(new StreamTopics(run.stream()), consumer, producer));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The champion, and every other model that is there, must be whole: each byte as its checksums say. */
    public void verify() {
        champion().ifPresent(this::verify);
        store().ids().forEach(this::verify);
    }

    private void verify(String id) {
        try {
            store().load(id);
        } catch (CorruptModelException e) {
            run.problem("model " + id + " is not whole: " + e.getMessage());
        }
    }
}
