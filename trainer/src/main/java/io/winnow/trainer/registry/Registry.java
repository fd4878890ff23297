package io.winnow.trainer.registry;

import io.winnow.core.audit.AuditEvent;
import io.winnow.core.model.ChampionHistory;
import io.winnow.core.model.ModelCard;
import io.winnow.core.model.Promotion;
import io.winnow.core.row.Quote;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.StreamTopics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a stream's model topics and writes to them. What is written counts once it is read back: an operator may have
 * written something else a moment before. One thread at a time, but for {@link #roster()}.
 */
public final class Registry {
    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);
    private static final Duration STEP = Duration.ofMillis(200);

    private final StreamTopics topics;
    private final Consumer<byte[], byte[]> consumer;
    private final Producer<byte[], byte[]> producer;
    private volatile Roster roster = Roster.EMPTY;
    private boolean assigned;

    /**
     * A registry that has read nothing yet.
     *
     * @param consumer of this registry alone, with read_committed; it stays the caller's to close
     * @param producer stays the caller's to close
     */
    public Registry(StreamTopics topics, Consumer<byte[], byte[]> consumer, Producer<byte[], byte[]> producer) {
        this.topics = topics;
        this.consumer = consumer;
        this.producer = producer;
    }

    /** What was read up to now; any thread may ask. */
    public Roster roster() {
        return roster;
    }

    /** Takes in what has come since, without waiting for more. */
    public Roster poll() {
        assign();
        take(Duration.ZERO);
        return roster;
    }

    /**
     * Takes in everything that the topics hold at this moment.
     *
     * @param stopped asked while waiting; once true, what was read so far counts
     */
    public Roster read(BooleanSupplier stopped) {
        assign();
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (!stopped.getAsBoolean()
                && ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
            take(STEP);
        }
        return roster;
    }

    private void assign() {
        if (assigned) {
            return;
        }
        List<TopicPartition> partitions = Stream.of(topics.models(), topics.promotions())
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        assigned = true;
    }

    private void take(Duration wait) {
        List<Promotion> events = new ArrayList<>();
        Map<String, ModelCard> cards = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
            if (record.topic().equals(topics.models())) {
                decoded(record, ModelCard::decode)
                        .filter(c -> c.stream().equals(topics.stream()))
                        .ifPresent(c -> cards.put(c.id(), c));
            } else {
                decoded(record, Promotion::decode)
                        .filter(p -> p.stream().equals(topics.stream()))
                        .ifPresent(events::add);
            }
        }
        if (!events.isEmpty() || !cards.isEmpty()) {
            Map<String, ModelCard> all = new LinkedHashMap<>(roster.cards());
            all.putAll(cards);
            roster = new Roster(roster.history().after(events), all);
        }
    }

    private static <T> Optional<T> decoded(ConsumerRecord<byte[], byte[]> record, Function<byte[], T> decode) {
        if (record.value() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(decode.apply(record.value()));
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "{} offset {} is skipped: {}",
                    record.topic(),
                    record.offset(),
                    Quote.of(String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    /**
     * Writes a model's card, which does not make it champion. Its files must be in the store by now.
     *
     * @throws IOException if Kafka does not take it
     * @throws InterruptedException if interrupted while waiting
     */
    public void announce(ModelCard card) throws IOException, InterruptedException {
        send(topics.models(), card.id(), card.encode());
    }

    /**
     * Writes an event, if it is legal now, and reads it back. An event of another's may still have come first.
     *
     * @return why it has no effect, in one line; empty where it has
     * @throws IOException if Kafka does not take it
     * @throws InterruptedException if interrupted while waiting
     */
    public Optional<String> record(Promotion event) throws IOException, InterruptedException {
        ChampionHistory before = read(() -> false).history();
        Optional<String> refusal = before.refusal(event);
        if (refusal.isPresent()) {
            return refusal;
        }
        send(topics.promotions(), topics.stream(), event.encode());
        ChampionHistory after = read(() -> false).history();
        boolean counted = after.events()
                .subList(before.events().size(), after.events().size())
                .contains(event);
        if (counted) {
            audit(event);
            return Optional.empty();
        }
        // What came in between may have made it illegal, and then says why.
        return Optional.of(after.refusal(event).orElse("another event came first"));
    }

    /** The same for those who read of all actions in one place. The topic of promotions has it in any case. */
    private void audit(Promotion event) throws InterruptedException {
        String action = event.action().name().toLowerCase(Locale.ROOT).replace('_', '-');
        AuditEvent audited = new AuditEvent(
                action + "-" + event.modelId() + "-" + event.at(),
                event.stream(),
                "io.winnow.model." + action,
                Instant.parse(event.at()),
                Map.of("model", event.modelId(), "by", event.by(), "why", event.why()));
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topics.audit(), audited.encode());
        record.headers().add("content-type", DqHeaders.text(AuditEvent.CONTENT_TYPE));
        try {
            producer.send(record).get();
        } catch (ExecutionException e) {
            LOG.warn("{} does not take what became of model {}: {}", topics.audit(), event.modelId(), e.getCause());
        }
    }

    private void send(String topic, String key, byte[] value) throws IOException, InterruptedException {
        try {
            producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value))
                    .get();
        } catch (ExecutionException e) {
            throw new IOException("topic " + topic + " does not take the model's record: " + e.getCause(), e);
        }
    }
}
