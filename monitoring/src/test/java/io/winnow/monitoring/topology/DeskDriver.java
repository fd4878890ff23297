package io.winnow.monitoring.topology;

import io.winnow.core.contract.Contract;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.review.Decision;
import io.winnow.core.row.Reason;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.StreamTopics;
import io.winnow.monitoring.Fixtures;
import io.winnow.monitoring.cases.CaseState;
import io.winnow.monitoring.cases.CaseView;
import io.winnow.monitoring.cases.KeptHeader;
import io.winnow.monitoring.cases.KeptRecord;
import io.winnow.monitoring.cases.Review;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** The topology without Kafka. */
final class DeskDriver implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    final AtomicLong unreadable = new AtomicLong();
    final TestInputTopic<byte[], byte[]> quarantine;
    final TestInputTopic<byte[], byte[]> decisions;
    final TestInputTopic<byte[], byte[]> profiles;
    final StoredCases cases;
    private final TestOutputTopic<byte[], byte[]> clean;
    private final TestOutputTopic<byte[], byte[]> audit;
    private final TopologyTestDriver driver;

    DeskDriver(Path stateDir, Duration hold) {
        this(stateDir, hold, Fixtures.CONTRACT);
    }

    DeskDriver(Path stateDir, Duration hold, Contract contract) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "winnow-desk-grid");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        StreamTopics topics = new StreamTopics("grid");
        driver = new TopologyTestDriver(
                DeskTopology.build(
                        contract, new Review(hold), topic -> unreadable.incrementAndGet(), (key, topic, n) -> 0),
                config,
                NOW);
        ByteArraySerializer bytes = new ByteArraySerializer();
        quarantine = driver.createInputTopic(topics.quarantine(), bytes, bytes);
        decisions = driver.createInputTopic(topics.decisions(), bytes, bytes);
        profiles = driver.createInputTopic(topics.profiles(), bytes, bytes);
        clean = driver.createOutputTopic(topics.clean(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        audit = driver.createOutputTopic(topics.audit(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        cases = new StoredCases(topics.raw(), 1, (name, partition) -> driver.getKeyValueStore(name));
    }

    void arrives(KeptRecord record) {
        RecordHeaders headers = new RecordHeaders();
        for (KeptHeader header : record.headers()) {
            headers.add(header.name(), header.value());
        }
        quarantine.pipeInput(new TestRecord<>(record.key(), record.value(), headers, record.timestamp()));
    }

    void published(Profile profile, long at) {
        profiles.pipeInput(DqHeaders.text(profile.hash()), profile.encode(), at);
    }

    void decides(Decision decision) {
        decisions.pipeInput(DqHeaders.text(decision.recordId()), decision.encode());
    }

    void passes(Duration time) {
        driver.advanceWallClockTime(time);
    }

    List<TestRecord<byte[], byte[]>> released() {
        return clean.readRecordsToList();
    }

    List<TestRecord<byte[], byte[]>> audited() {
        return audit.readRecordsToList();
    }

    CaseView.Page list(CaseState state) {
        return cases.page(new CaseView.Query(state, EnumSet.allOf(Reason.class), false, null, CaseView.MAX_LIMIT));
    }

    @Override
    public void close() {
        driver.close();
    }
}
