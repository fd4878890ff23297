package io.winnow.hygiene.kafka;

import io.winnow.core.hygiene.Profile;
import io.winnow.hygiene.profile.ProfileChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Profiles on {@code S.profiles}: the key is the hash, the value the encoding; partition 0 orders them. */
public final class KafkaProfileChannel implements ProfileChannel {
    static final int PARTITION = 0;
    private static final long serialVersionUID = 1;
    private static final long PATIENCE_SECONDS = 130;
    /** Shared by all ends in this process. */
    private static final KnownProfiles KNOWN = new KnownProfiles();

    private final HashMap<String, String> kafka;
    private final String topic;

    /** A channel on this topic. */
    public KafkaProfileChannel(Map<String, String> kafka, String topic) {
        this.kafka = new HashMap<>(kafka);
        this.topic = topic;
    }

    @Override
    public Publisher publisher() {
        Map<String, Object> all = new HashMap<>(kafka);
        all.put("acks", "all");
        all.put("enable.idempotence", "true");
        all.put("linger.ms", "0");
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
        return new Publisher() {
            @Override
            public void publish(Profile profile) throws Exception {
                KNOWN.add(profile);
                byte[] key = profile.hash().getBytes(StandardCharsets.US_ASCII);
                try {
                    producer.send(new ProducerRecord<>(topic, PARTITION, key, profile.encode()))
                            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                } catch (ExecutionException e) {
                    throw new IllegalStateException(
                            "profile " + profile.hash() + " could not be written to " + topic, e.getCause());
                }
            }

            @Override
            public void close() {
                producer.close();
            }
        };
    }

    @Override
    public Reader reader(String contractHash) {
        return new KafkaProfileReader(Clients.consumer(kafka, Map.of()), topic, contractHash, KNOWN);
    }
}
