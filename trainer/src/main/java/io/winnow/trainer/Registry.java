package io.winnow.trainer;

import io.winnow.core.model.ModelCard;
import io.winnow.core.model.Promotion;
import io.winnow.core.row.Quote;
import io.winnow.core.topic.StreamTopics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stream's model topics: cards, and the promotions whose last names the champion. */
final class Registry {
    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);

    private final StreamTopics topics;

    Registry(StreamTopics topics) {
        this.topics = topics;
    }

    /**
     * The last promotion on the topic.
     *
     * @param stopped asked while waiting; once true, what was read so far counts
     */
    Optional<Promotion> lastPromotion(Consumer<byte[], byte[]> consumer, BooleanSupplier stopped) {
        List<TopicPartition> partitions = consumer.partitionsFor(topics.promotions()).stream()
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Optional<Promotion> last = Optional.empty();
        while (!stopped.getAsBoolean()
                && ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                Optional<Promotion> promotion = read(record);
                last = promotion.isPresent() ? promotion : last;
            }
        }
        return last;
    }

    private Optional<Promotion> read(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return Optional.empty();
        }
        try {
            Promotion promotion = Promotion.decode(record.value());
            return promotion.stream().equals(topics.stream()) ? Optional.of(promotion) : Optional.empty();
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
     * Announces a model: first its card, then, once that is safe, its promotion.
     *
     * @throws IOException if Kafka does not take it
     * @throws InterruptedException if interrupted while waiting
     */
    void announce(Producer<byte[], byte[]> producer, ModelCard card, Promotion promotion)
            throws IOException, InterruptedException {
        send(producer, topics.models(), card.id(), card.encode());
        send(producer, topics.promotions(), topics.stream(), promotion.encode());
    }

    private static void send(Producer<byte[], byte[]> producer, String topic, String key, byte[] value)
            throws IOException, InterruptedException {
        try {
            producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value))
                    .get();
        } catch (ExecutionException e) {
            throw new IOException("topic " + topic + " does not take the model's record: " + e.getCause(), e);
        }
    }
}
