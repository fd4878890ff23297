package io.winnow.monitoring.desk;

import io.winnow.core.review.Decision;
import io.winnow.core.topic.DqHeaders;
import io.winnow.monitoring.web.DecisionLog;
import io.winnow.monitoring.web.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes decisions to {@code S.decisions}, keyed by record id, acknowledged by all replicas. */
final class KafkaDecisions implements DecisionLog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaDecisions.class);
    private static final String DELIVERY_MS = "15000";

    private final String topic;
    private final Producer<byte[], byte[]> producer;

    KafkaDecisions(String topic, Map<String, String> kafka) {
        this.topic = topic;
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_MS);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MS);
        this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public void append(List<Decision> decisions) {
        try {
            List<Future<?>> sent = new ArrayList<>();
            for (Decision decision : decisions) {
                byte[] key = DqHeaders.text(decision.recordId());
                sent.add(producer.send(new ProducerRecord<>(topic, key, decision.encode())));
            }
            producer.flush();
            for (Future<?> one : sent) {
                one.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(503, "the desk is stopping; look at the case again before you repeat the decision");
        } catch (ExecutionException | KafkaException e) {
            LOG.warn("{} decisions could not be written to {}", decisions.size(), topic, e);
            throw new Refusal(503, "Kafka did not take the decision in time; decide again: the same one counts once");
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
