package io.winnow.app.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.app.Failure;
import io.winnow.core.topic.StreamTopics;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {
    private static final StreamTopicPlan PLAN = StreamTopicPlan.of(new StreamTopics("s"), 2, 1 << 30);

    @TempDir
    Path directory;

    @Test
    void keepsItsRecordsOverARestartAndTakesValuesOfFourMebibytes() throws Exception {
        byte[] large = new byte[4 << 20];
        new java.util.Random(1).nextBytes(large);
        long t0 = System.nanoTime();
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, Ports.free(0, "Kafka"))) {
            StreamTopicsSetup.ensure(broker.clientSettings(), List.of(PLAN));
            t0 = System.nanoTime();
            Properties p = new Properties();
            p.putAll(broker.clientSettings());
            p.put("max.request.size", "5000000");
            p.put("transactional.id", "t");
            p.put("transaction.timeout.ms", "" + EmbeddedBroker.TRANSACTION_TIMEOUT_MS);
            try (var producer = new KafkaProducer<>(p, new ByteArraySerializer(), new ByteArraySerializer())) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("s.raw", 0, null, large)).get();
                producer.commitTransaction();
            }
            t0 = System.nanoTime();
        }
        t0 = System.nanoTime();
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, Ports.free(0, "Kafka"))) {
            StreamTopicsSetup.ensure(broker.clientSettings(), List.of(PLAN));
            Properties p = new Properties();
            p.putAll(broker.clientSettings());
            p.put("auto.offset.reset", "earliest");
            p.put("isolation.level", "read_committed");
            try (var consumer = new KafkaConsumer<>(p, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer.assign(List.of(new TopicPartition("s.raw", 0)));
                assertThat(consumer.poll(Duration.ofSeconds(20))
                                .iterator()
                                .next()
                                .value())
                        .isEqualTo(large);
            }
        }
    }

    @Test
    void growsCleanAndQuarantineToRawsPartitionsAndSaysWhichSettingsCannotServe() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, Ports.free(0, "Kafka"));
                Admin admin = Admin.create(Map.<String, Object>copyOf(broker.clientSettings()))) {
            admin.createTopics(List.of(
                            new org.apache.kafka.clients.admin.NewTopic("s.raw", 5, (short) 1),
                            new org.apache.kafka.clients.admin.NewTopic("s.clean", 3, (short) 1)
                                    .configs(Map.of("max.message.bytes", "1000000"))))
                    .all()
                    .get();
            assertThatThrownBy(() -> StreamTopicsSetup.ensure(broker.clientSettings(), List.of(PLAN)))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("topic s.clean: max.message.bytes is 1000000, set it to ")
                    .hasMessageContaining("message.timestamp.after.max.ms")
                    .hasMessageNotContaining("s.quarantine")
                    .message()
                    .doesNotContain("\n");
        }
    }

    @Test
    void aFullDiskIsToldFromOneThatFailsOtherwise() {
        assertThat(EmbeddedBroker.haltLine(directory, 4096))
                .contains(directory + " is full", "free some space")
                .doesNotContain("\n");
        assertThat(EmbeddedBroker.haltLine(directory, 1L << 30)).contains(directory.toString(), "the log says why");
    }

    @Test
    void aTakenPortAndAnUnreachableBrokerAreOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> Ports.free(taken.getLocalPort(), "Kafka"))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " on 127.0.0.1 is in use");
        }
        int nobody = Ports.free(0, "nobody");
        assertThatThrownBy(() ->
                        StreamTopicsSetup.ensure(Map.of("bootstrap.servers", "127.0.0.1:" + nobody), List.of(PLAN)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("Kafka at 127.0.0.1:" + nobody)
                .message()
                .doesNotContain("\n");
    }
}
