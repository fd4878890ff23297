package io.winnow.app.system;

import java.util.Map;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;

/** The same against Kafka's own image; the job runs here. Skipped where there is no Docker. */
@Testcontainers(disabledWithoutDocker = true)
class WholePathOnKafkaContainerIT extends WholePathContract {
    @Container
    private static final KafkaContainer KAFKA = new KafkaContainer("apache/kafka:4.2.2");

    @Override
    Map<String, String> kafka() {
        return Map.of("bootstrap.servers", KAFKA.getBootstrapServers());
    }

    @Override
    boolean jobRunsHere() {
        return true;
    }
}
