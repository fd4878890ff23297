package io.winnow.monitoring.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.review.Decision;
import io.winnow.core.row.Reason;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import io.winnow.monitoring.Fixtures;
import io.winnow.monitoring.cases.CaseState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random arrivals, replays and decisions in any order, against a model that knows three rules and nothing else. */
class InterleavingTest {
    private static final int STEPS = 200;
    private static final int IDS = 120;

    @TempDir
    private Path stateDir;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void everyInterleavingEndsAsTheModelSays(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        Duration hold = seed % 2 == 0 ? Duration.ZERO : Duration.ofSeconds(5);
        Set<RecordId> arrived = new HashSet<>();
        Map<RecordId, Decision> first = new HashMap<>();
        try (DeskDriver desk = new DeskDriver(stateDir, hold)) {
            for (int step = 0; step < STEPS; step++) {
                int n = random.nextInt(IDS);
                RecordId id = Fixtures.id(n % 5, n);
                switch (random.nextInt(4)) {
                    case 0, 1 -> {
                        Reason reason = Reason.values()[n % 4];
                        desk.arrives(Fixtures.quarantined(id, Fixtures.START + n, reason, value(n)));
                        arrived.add(id);
                    }
                    case 2 -> {
                        Decision.Action action =
                                random.nextBoolean() ? Decision.Action.RELEASE : Decision.Action.DISCARD;
                        Decision decision = Fixtures.decision("d" + step, id, action);
                        desk.decides(decision);
                        first.putIfAbsent(id, decision);
                    }
                    default -> desk.passes(Duration.ofMillis(random.nextInt(400)));
                }
            }
            desk.passes(Duration.ofMinutes(1));

            Map<String, String> releases = new TreeMap<>();
            Set<RecordId> open = new HashSet<>();
            Set<RecordId> discarded = new HashSet<>();
            for (RecordId id : arrived) {
                Decision decision = first.get(id);
                if (decision == null) {
                    open.add(id);
                } else if (decision.action() == Decision.Action.RELEASE) {
                    releases.put(id.toString(), decision.id());
                } else {
                    discarded.add(id);
                }
            }
            List<String> ids = new ArrayList<>();
            Map<String, String> seen = new TreeMap<>();
            for (TestRecord<byte[], byte[]> record : desk.released()) {
                String id = header(record, DqHeaders.ID);
                ids.add(id);
                seen.put(id, header(record, DqHeaders.DECISION));
                assertThat(record.value())
                        .isEqualTo(value((int) RecordId.parse(id).offset()));
            }
            assertThat(ids).doesNotHaveDuplicates();
            assertThat(seen).isEqualTo(releases).isNotEmpty();
            assertThat(ids(desk, CaseState.OPEN)).isEqualTo(open).isNotEmpty();
            assertThat(ids(desk, CaseState.DISCARDED)).isEqualTo(discarded).isNotEmpty();
            for (CaseState state : CaseState.values()) {
                assertThat(desk.cases.counts().of(state))
                        .isEqualTo(ids(desk, state).size());
            }
        }
    }

    private static byte[] value(int n) {
        return ("{\"demand\":" + n + "}").getBytes(StandardCharsets.UTF_8);
    }

    private static String header(TestRecord<byte[], byte[]> record, String name) {
        return DqHeaders.text(record.headers().lastHeader(name).value());
    }

    private static Set<RecordId> ids(DeskDriver desk, CaseState state) {
        Set<RecordId> ids = new HashSet<>();
        desk.list(state).cases().forEach(c -> ids.add(c.id()));
        return ids;
    }
}
