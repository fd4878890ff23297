package io.winnow.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.ContractReader;
import io.winnow.core.model.ModelCard;
import io.winnow.core.model.Slices.Slice;
import io.winnow.trainer.archive.ModelSpec.Shape;
import io.winnow.trainer.archive.OptimizerSpec;
import io.winnow.trainer.learn.Hyperparameters;
import io.winnow.trainer.store.Manifest;
import io.winnow.trainer.store.ModelStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A trainer of a stream whose targets all come later, on a topic of their own. */
@ExtendWith(TorchTest.class)
@Timeout(120)
class LateServiceTest {
    private static final Hyperparameters SMALL =
            new Hyperparameters(new Shape(32, 1, 0), OptimizerSpec.DEFAULT, 32, 8e-3, 40, 40_000, 40);
    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
    private static final String YAML = Streams.yaml("number", 5_000) + "labels: {within: 1s}\n";
    private static final List<TopicPartition> PARTITIONS = List.of(
            new TopicPartition("s.clean", 0), new TopicPartition("s.clean", 1), new TopicPartition("s.labels", 0));
    private static final int ROWS = 2_000;

    @TempDir
    Path data;

    /** Rows a millisecond apart without their target, and each target 100 ms later. */
    private static List<ConsumerRecord<byte[], byte[]>> records() {
        List<ConsumerRecord<byte[], byte[]>> rows = TrainerServiceTest.rows(ROWS, true);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> row : rows) {
            String json = text(row);
            int target = json.indexOf(",\"y\":");
            records.add(record(row.topic(), row, row.offset(), row.timestamp(), json.substring(0, target) + '}'));
            String time = json.substring(0, json.indexOf(','));
            long offset = records.size() - 1;
            records.add(record("s.labels", row, offset / 2, row.timestamp() + 100, time + json.substring(target)));
        }
        records.add(record("s.labels", rows.get(0), ROWS, START.toEpochMilli() + 2_000, "no label"));
        String first = text(rows.get(0));
        records.add(record("s.labels", rows.get(0), ROWS + 1, START.toEpochMilli() + 2_001, first));
        return records;
    }

    private static String text(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }

    private static ConsumerRecord<byte[], byte[]> record(
            String topic, ConsumerRecord<byte[], byte[]> row, long offset, long timestamp, String json) {
        boolean label = topic.equals("s.labels");
        return new ConsumerRecord<>(
                topic,
                label ? 0 : row.partition(),
                offset,
                timestamp,
                TimestampType.CREATE_TIME,
                0,
                0,
                row.key(),
                json.getBytes(StandardCharsets.UTF_8),
                label ? new RecordHeaders() : row.headers(),
                Optional.empty());
    }

    private static MockConsumer<byte[], byte[]> consumer() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        for (String topic : List.of("s.clean", "s.labels")) {
            consumer.updatePartitions(
                    topic,
                    PARTITIONS.stream()
                            .filter(p -> p.topic().equals(topic))
                            .map(p -> new PartitionInfo(topic, p.partition(), Node.noNode(), new Node[0], new Node[0]))
                            .toList());
        }
        consumer.updatePartitions("s.quarantine", List.of());
        PARTITIONS.forEach(p -> {
            consumer.updateBeginningOffsets(Map.of(p, 0L));
            consumer.updateEndOffsets(Map.of(p, p.topic().equals("s.labels") ? ROWS + 2L : ROWS / 2L));
        });
        return consumer;
    }

    private static double metric(TrainerService service, String line) {
        return service.metricsPage()
                .lines()
                .filter(l -> l.startsWith(line))
                .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void learnsFromLabelsThatComeLaterAndItsModelCanBeMadeAgain() throws Exception {
        MockConsumer<byte[], byte[]> clean = consumer();
        clean.assign(PARTITIONS);
        records().forEach(clean::addRecord);
        PARTITIONS.forEach(p -> clean.seek(p, 0));
        ModelTopics models = new ModelTopics("s");
        TrainerConfig config = new TrainerConfig(
                ContractReader.parse(YAML, "s.yaml"),
                YAML,
                Map.of("bootstrap.servers", "none:1"),
                data.resolve("models"),
                20,
                0,
                "secret",
                42);
        Clients clients = new Clients(models.consumer(), clean, models.producer());
        try (TrainerService service = TrainerService.start(config, clients, () -> START.plusSeconds(3), SMALL)) {
            await(() -> metric(service, "winnow_trainer_published_total{") >= 1
                    && metric(service, "winnow_trainer_idle{") == 1);
            assertThat(metric(service, "winnow_trainer_labels_total{outcome=\"joined\""))
                    .isEqualTo(ROWS);
            assertThat(metric(service, "winnow_trainer_labels_total{outcome=\"bad\""))
                    .isEqualTo(1);
            assertThat(metric(service, "winnow_trainer_labels_total{outcome=\"late\""))
                    .isEqualTo(1);
            assertThat(metric(service, "winnow_trainer_labels_missed_total{")).isZero();
            assertThat(metric(service, "winnow_trainer_live{contender=\"champion\""))
                    .isPositive();
        }
        ModelCard card = models.producer().history().stream()
                .filter(r -> r.topic().equals("s.models"))
                .map(r -> ModelCard.decode(r.value()))
                .findFirst()
                .orElseThrow();
        assertThat(card.labels()).hasSize(1);
        assertThat(card.slices().keys()).extracting(Slice::name).containsExactlyInAnyOrder("site0", "site1");
        assertThat(card.slices().hours().stream().mapToInt(Slice::rows).sum()).isEqualTo(card.holdoutRows());
        Manifest manifest = ModelStore.reading(data.resolve("models"), "s").manifest(card.id());
        MockConsumer<byte[], byte[]> again = consumer();
        again.schedulePollTask(() -> records().forEach(again::addRecord));
        Reproduction.Result result =
                Reproduction.run(manifest, Optional.empty(), again, Files.createDirectories(data.resolve("scratch")));
        assertThat(result.reasons()).isEmpty();
        assertThat(result.equal()).isTrue();
    }
}
