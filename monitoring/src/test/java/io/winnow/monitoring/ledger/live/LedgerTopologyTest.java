package io.winnow.monitoring.ledger.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.StreamTopics;
import io.winnow.monitoring.ledger.Account;
import io.winnow.monitoring.ledger.Balance;
import io.winnow.monitoring.ledger.Horizon;
import io.winnow.monitoring.ledger.Horizon.Ends;
import io.winnow.monitoring.ledger.MemoryStore;
import io.winnow.monitoring.ledger.RawRange;
import io.winnow.monitoring.ledger.Side;
import io.winnow.monitoring.ledger.Sighting;
import io.winnow.monitoring.topology.BoundedRocksDb;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topology without Kafka; the driver gives each topic one partition, and offsets from 0 on. */
class LedgerTopologyTest {
    private static final Ends READ = new Ends(0, 1_000, 1_000);

    @TempDir
    Path state;

    private final AtomicLong nanos = new AtomicLong();
    private final Horizons horizons = new Horizons();
    private final Skim skim = new Skim(new StreamTopics("s"), horizons);
    private final Map<String, Long> next = new HashMap<>();
    private final Board board = new Board(nanos::get, () -> 1);
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> raw;
    private TestInputTopic<byte[], byte[]> clean;
    private TestInputTopic<byte[], byte[]> quarantine;

    @BeforeEach
    void start() {
        horizons.ends(Map.of(0, 100L, 1, 100L));
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "winnow-ledger-s");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        driver = new TopologyTestDriver(
                LedgerTopology.build("s", 1, horizons, board), config, Instant.parse("2026-01-01T12:00:00Z"));
        ByteArraySerializer bytes = new ByteArraySerializer();
        raw = driver.createInputTopic("s.raw", bytes, bytes);
        clean = driver.createInputTopic("s.clean", bytes, bytes);
        quarantine = driver.createInputTopic("s.quarantine", bytes, bytes);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    /** As the ledger's consumer does: batches of records, here of one or a few, with times of any producer. */
    private void send(TestInputTopic<byte[], byte[]> topic, String... headers) {
        String name = topic == raw ? "s.raw" : topic == clean ? "s.clean" : "s.quarantine";
        RecordHeaders h = new RecordHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            h.add(headers[i], DqHeaders.text(headers[i + 1]));
        }
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                name,
                0,
                next.merge(name, 1L, Long::sum) - 1,
                next.size() == 1 ? -1 : 1L << 45,
                TimestampType.CREATE_TIME,
                0,
                0,
                null,
                new byte[0],
                h,
                Optional.empty());
        ConsumerRecord<byte[], byte[]> batch = skim.skim(List.of(record));
        topic.pipeInput(batch.key(), batch.value(), Math.max(0, batch.timestamp()));
    }

    private void sendRaw(int n) {
        for (int i = 0; i < n; i++) {
            send(raw);
        }
    }

    private void reach(long checkpoint, Ends cleanEnds) {
        horizons.reached(Map.of(0, new Horizon(0, 100, checkpoint, cleanEnds, READ)));
        driver.advanceWallClockTime(Duration.ofSeconds(1));
    }

    @Test
    void verdictsBeforeTheirRecordsAndAfterThemAreOne() {
        send(clean, DqHeaders.ID, "s.raw/0/0");
        send(quarantine, DqHeaders.ID, "s.raw/0/1");
        sendRaw(4);
        send(clean, DqHeaders.ID, "s.raw/0/2");
        assertThat(board.isReady()).as("before the first horizon").isFalse();
        reach(3, READ);
        assertThat(board.sum()).isEqualTo(new Balance(3, 2, 1, 0, 1, 0, 0, 0, 0, 0, List.of()));
    }

    @Test
    void aGapIsNamedADuplicateIsCountedAndALateVerdictClosesTheGap() {
        sendRaw(3);
        send(clean, DqHeaders.ID, "s.raw/0/0");
        send(clean, DqHeaders.ID, "s.raw/0/0");
        send(clean, DqHeaders.ID, "s.raw/0/2");
        reach(3, READ);
        assertThat(board.sum()).isEqualTo(new Balance(3, 2, 0, 0, 0, 0, 1, 1, 0, 0, List.of(new RawRange(0, 1, 1))));
        LedgerMetrics metrics = new LedgerMetrics("s", board);
        assertThat(metrics.scrape())
                .contains("winnow_conservation_gap{stream=\"s\"} 1.0")
                .contains("winnow_conservation_duplicates{stream=\"s\"} 1.0")
                .contains("winnow_conservation_pending{stream=\"s\"} 0.0");
        send(quarantine, DqHeaders.ID, "s.raw/0/1", DqHeaders.REPLAYED, "2026-01-01T12:00:00Z");
        reach(3, new Ends(0, 1_001, 1_001));
        assertThat(metrics.scrape()).contains("winnow_conservation_gap{stream=\"s\"} 0.0");
    }

    @Test
    void aPartOfTheBalancesIsNotShownAsTheWholeUnlessAnotherProcessHasTheRest() {
        Board two = new Board(nanos::get, () -> 2);
        Horizon horizon = new Horizon(0, 100, 1, READ, READ);
        two.put(0, horizon, Balance.ZERO);
        assertThat(two.isReady()).isFalse();
        nanos.set(11_000_000_000L);
        assertThat(two.isReady()).isTrue();
        nanos.set(0);
        two.put(1, horizon, Balance.ZERO);
        assertThat(two.isReady()).isTrue();
        two.leave(1);
        assertThat(two.entries()).hasSize(2);
        nanos.set(30_000_000_000L);
        assertThat(two.entries()).as("nobody took it over here").hasSize(1);
    }

    @Test
    void withoutABalanceNoGapIsClaimedToBeNone() {
        assertThat(new LedgerMetrics("s", board).scrape())
                .contains("winnow_conservation_watermark_age_seconds{stream=\"s\"}")
                .doesNotContain("winnow_conservation_gap");
    }

    @Test
    void aRecordIsRoutedByItsIdWhereverItLies() {
        sendRaw(1);
        // On partition 0 lies what is about partition 1: a foreign partitioner's work.
        send(clean, DqHeaders.ID, "s.raw/1/0");
        send(clean, DqHeaders.ID, "s.raw/0/0");
        horizons.reached(Map.of(0, new Horizon(0, 100, 1, READ, READ), 1, new Horizon(0, 100, 1, READ, READ)));
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        assertThat(board.entries().get(0).balance().raw()).isEqualTo(1);
        assertThat(board.entries().get(1).balance().foreign())
                .as("no such record")
                .isEqualTo(1);
    }

    @Test
    void hostileHeadersNeitherCrashNorCount() {
        sendRaw(1);
        send(clean, DqHeaders.ID, "\u0000/../..");
        send(clean);
        send(clean, DqHeaders.ID, "s.raw/2147483647/0");
        send(clean, DqHeaders.ID, "s.raw/0/9223372036854775807");
        send(quarantine, DqHeaders.ID, "other.raw/0/0");
        send(quarantine, DqHeaders.ID, "s.raw/0/0", "dq.part", "1/9999");
        send(clean, DqHeaders.ID, "s.raw/0/0");
        reach(1, READ);
        Balance b = board.sum();
        assertThat(b.isConserved()).isTrue();
        assertThat(b.raw()).isEqualTo(1);
        assertThat(b.foreign()).isEqualTo(1);
    }

    @Test
    void theAgeGrowsWhileTheProofStandsStill() {
        sendRaw(3);
        send(clean, DqHeaders.ID, "s.raw/0/0");
        nanos.set(5_000_000_000L);
        assertThat(board.ageSeconds()).as("no balance yet").isEqualTo(5);
        reach(1, READ);
        assertThat(board.ageSeconds()).isZero();
        nanos.set(25_000_000_000L);
        reach(1, new Ends(0, 1_000, 1_001));
        assertThat(board.ageSeconds())
                .as("records wait, the checkpoint does not move")
                .isEqualTo(20);
        send(clean, DqHeaders.ID, "s.raw/0/1");
        send(clean, DqHeaders.ID, "s.raw/0/2");
        reach(3, READ);
        assertThat(board.ageSeconds()).isZero();
        nanos.set(85_000_000_000L);
        assertThat(board.ageSeconds()).as("nobody settles").isEqualTo(60);
        reach(3, READ);
        assertThat(board.ageSeconds())
                .as("nothing new came, nothing is left to prove")
                .isZero();
    }

    @Test
    void aBatchTellsAllThatItsRecordsDoInTheirOrder() {
        Random random = new Random(9);
        Account told = new Account(3, new MemoryStore());
        Account heard = new Account(3, new MemoryStore());
        Batch batch = new Batch();
        long offset = 1L << 40;
        for (int i = 0; i < 5_000; i++) {
            offset += random.nextInt(5) - 1;
            boolean inParts = random.nextInt(20) == 0;
            Sighting s = new Sighting(
                    3,
                    offset,
                    random.nextInt(9) == 0,
                    inParts ? 1 + random.nextInt(2) : 1,
                    inParts ? 2 : 1,
                    random.nextInt(9) == 0);
            Side side = random.nextBoolean() ? Side.CLEAN : Side.QUARANTINE;
            long at = random.nextBoolean() ? i : -1;
            if (random.nextInt(3) > 0) {
                batch.raw(3, offset);
                told.raw(offset);
            }
            batch.sighted(side, at, s);
            told.sighted(side, s, at, 1L << 41);
            batch.raw(4, i);
        }
        List<Integer> partitions = new ArrayList<>();
        Batch.split(batch.encode(), (partition, entries) -> {
            partitions.add(partition);
            if (partition == 3) {
                Batch.tell(entries, partition, heard, 1L << 41);
            } else {
                assertThat(entries.length).as("two bytes a record, mostly").isLessThan(3 * 5_000);
            }
        });
        assertThat(partitions).containsExactly(3, 4);
        Horizon all = new Horizon(0, 1L << 41, offset + 1, READ, READ);
        assertThat(heard.balance(all, 9_999)).isEqualTo(told.balance(all, 9_999));
        assertThat(told.balance(all, 9_999).raw()).isPositive();
    }
}
