package io.winnow.hygiene.kafka;

import io.winnow.core.review.GoAhead;
import io.winnow.hygiene.breaker.GoAheads;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Words of operators on {@code S.audit}, whose one partition orders them. */
final class KafkaGoAheads implements GoAheads {
    private static final long serialVersionUID = 1;
    private static final Logger LOGGER = LoggerFactory.getLogger(KafkaGoAheads.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(500);

    private final HashMap<String, String> kafka;
    private final String topic;

    KafkaGoAheads(Map<String, String> kafka, String topic) {
        this.kafka = new HashMap<>(kafka);
        this.topic = topic;
    }

    @Override
    public long end() {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Consumer<byte[], byte[]> consumer = Clients.consumer(kafka, Map.of())) {
            return consumer.endOffsets(List.of(partition), PATIENCE).getOrDefault(partition, 0L);
        }
    }

    @Override
    public Watch watch(long from, Runnable onGoAhead, java.util.function.Consumer<Throwable> onFailure) {
        Following following = new Following(
                Clients.consumer(kafka, Map.of("auto.offset.reset", "earliest")), new TopicPartition(topic, 0));
        Thread thread = new Thread(() -> following.run(from, onGoAhead, onFailure), "winnow-go-ahead-" + topic);
        thread.setDaemon(true);
        thread.start();
        return following;
    }

    /** Reads on from a place until it finds a word, or is closed. */
    private static final class Following implements Watch {
        private final Consumer<byte[], byte[]> consumer;
        private final TopicPartition partition;
        private volatile boolean closed;

        Following(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
            this.consumer = consumer;
            this.partition = partition;
        }

        void run(long from, Runnable onGoAhead, java.util.function.Consumer<Throwable> onFailure) {
            try {
                consumer.assign(List.of(partition));
                consumer.seek(partition, from);
                while (!closed) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                        if (record.value() != null && GoAhead.isOne(record.value())) {
                            onGoAhead.run();
                            return;
                        }
                    }
                }
            } catch (WakeupException | RejectedExecutionException e) {
                LOGGER.debug("done with {}", partition);
            } catch (KafkaException e) {
                report(e, onFailure);
            } finally {
                consumer.close();
            }
        }

        private void report(KafkaException failure, java.util.function.Consumer<Throwable> onFailure) {
            try {
                onFailure.accept(failure);
            } catch (RejectedExecutionException e) {
                LOGGER.debug("nobody waits for {} any more", partition);
            }
        }

        @Override
        public void close() {
            closed = true;
            consumer.wakeup();
        }
    }
}
