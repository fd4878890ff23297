package io.winnow.app.command;

import io.winnow.app.Failure;
import io.winnow.app.kafka.StreamTopicsSetup;
import io.winnow.app.terminal.Terminal;
import io.winnow.core.audit.AuditEvent;
import io.winnow.core.review.GoAhead;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.StreamTopics;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code winnow go-ahead}. */
@Command(
        name = "go-ahead",
        description = "Let a stream go on that its breaker has stopped (hygiene: {breaker: {action: stop}}).",
        mixinStandardHelpOptions = true)
public final class GoAheadCommand implements Callable<Integer> {
    @Option(names = "--stream", required = true, paramLabel = "S", description = "The stream's name.")
    private String stream;

    @Option(names = "--by", paramLabel = "WHO", description = "Who says so (default: the user).")
    private String by = System.getProperty("user.name", "");

    @Option(names = "--why", paramLabel = "TEXT", description = "Why, for whoever reads it later.")
    private String why = "";

    @Mixin
    private KafkaOption kafka;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> settings = kafka.settings();
        StreamTopicsSetup.reach(settings);
        String topic = new StreamTopics(stream).audit();
        Map<String, Object> all = new HashMap<>(settings);
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "20000");
        byte[] word = new GoAhead(stream, UUID.randomUUID().toString(), Instant.now(), by, why).encode();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, 0, null, word);
        record.headers().add("content-type", DqHeaders.text(AuditEvent.CONTENT_TYPE));
        try (var producer = new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw new Failure(
                    topic + " cannot be written ("
                            + Objects.requireNonNullElse(e.getCause(), e).getMessage() + "); is '" + stream
                            + "' the stream's name, and has it been started?",
                    e);
        }
        Terminal.standard().line("said; if a subtask of %s is stopped, it goes on within a second", stream);
        return 0;
    }
}
