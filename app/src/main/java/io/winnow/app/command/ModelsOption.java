package io.winnow.app.command;

import io.winnow.app.Failure;
import io.winnow.app.home.StreamContracts;
import io.winnow.app.kafka.StreamTopicsSetup;
import io.winnow.core.contract.Contract;
import io.winnow.core.topic.StreamTopics;
import io.winnow.trainer.registry.Registry;
import io.winnow.trainer.registry.Roster;
import io.winnow.trainer.store.ModelStore;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a command of {@code winnow models} reaches a stream's models: their topics, and their files below {@code --data}. */
final class ModelsOption {
    @Option(
            names = "--stream",
            paramLabel = "S",
            description = "The stream's name (default: the one that winnow last ran with on --data, if there is one).")
    private @Nullable String stream;

    @Option(names = "--report", paramLabel = "FILE", description = "Write the answer as JSON.")
    private @Nullable Path report;

    @Mixin
    private KafkaOption kafka;

    /**
     * A stream's models.
     *
     * @param stream its name
     * @param roster as the topics say now
     * @param registry to write with
     * @param store their files, for reading
     * @param contract of the stream now, if it is kept
     * @param kafka client settings
     */
    record Models(
            String stream,
            Roster roster,
            Registry registry,
            ModelStore store,
            Optional<Contract> contract,
            Map<String, String> kafka) {
        /**
         * That there is a model of this id.
         *
         * @throws Failure if there is none
         */
        void demand(String id) {
            if (!roster.cards().containsKey(id)) {
                throw new Failure("stream " + stream + " has no model '" + id.replaceAll("\\p{Cntrl}", "?")
                        + "'; 'winnow models list' names those it has");
            }
        }
    }

    /** Does some work with a stream's models. */
    <T> T reach(Function<Models, T> work) {
        String name = name();
        return kafka.reach("models", settings -> {
            StreamTopicsSetup.reach(settings);
            try {
                return with(name, settings, work);
            } catch (KafkaException e) {
                throw StreamTopicsSetup.unreachable(String.valueOf(settings.get("bootstrap.servers")), e);
            }
        });
    }

    private <T> T with(String name, Map<String, String> settings, Function<Models, T> work) {
        Map<String, Object> reading = new HashMap<>(settings);
        reading.remove(ConsumerConfig.GROUP_ID_CONFIG);
        reading.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        reading.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        reading.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        reading.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        Map<String, Object> writing = new HashMap<>(settings);
        writing.put(ProducerConfig.ACKS_CONFIG, "all");
        StreamTopics topics = new StreamTopics(name);
        try (KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(writing, new ByteArraySerializer(), new ByteArraySerializer())) {
            if (!consumer.listTopics().keySet().containsAll(List.of(topics.models(), topics.promotions()))) {
                throw new Failure("there is no stream '" + name + "' at " + settings.get("bootstrap.servers")
                        + ": it has no topic " + topics.models());
            }
            Registry registry = new Registry(topics, consumer, producer);
            Roster roster = registry.read(() -> false);
            Optional<Contract> contract = StreamContracts.find(kafka.directory(), name);
            return work.apply(
                    new Models(name, roster, registry, ModelStore.reading(directory(), name), contract, settings));
        }
    }

    /** The model store. */
    Path directory() {
        return kafka.directory().resolve("models");
    }

    private String name() {
        if (stream != null) {
            // Becomes a directory's name: only what a contract may call itself.
            if (!stream.matches("[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}")) {
                throw new Failure("--stream must be 1 to 100 letters, digits, '.', '_' or '-'");
            }
            return stream;
        }
        List<String> kept = StreamContracts.names(kafka.directory());
        if (kept.size() == 1) {
            return kept.get(0);
        }
        throw new Failure(
                kept.isEmpty()
                        ? "no stream is known on " + kafka.directory() + "; name it with --stream S"
                        : "name one of the streams with --stream S: " + String.join(", ", kept));
    }

    /** Writes the report if a file was asked for. */
    void write(Object fields) {
        Json.write(report, fields);
    }
}
