package io.winnow.monitoring.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SightingTest {
    private static Headers headers(String... pairs) {
        Headers headers = new RecordHeaders();
        for (int i = 0; i < pairs.length; i += 2) {
            headers.add(pairs[i], pairs[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        return headers;
    }

    @Test
    void readsWhatOurSinksWrite() {
        assertThat(Sighting.of(headers("dq.id", "grid.raw/3/17"), "grid.raw"))
                .isEqualTo(new Sighting(3, 17, false, 1, 1, false));
        assertThat(Sighting.of(headers("dq.id", "grid.raw/0/0", "dq.decision", "d1"), "grid.raw"))
                .isEqualTo(new Sighting(0, 0, true, 1, 1, false));
        assertThat(Sighting.of(headers("dq.id", "grid.raw/0/0", "dq.part", "2/5"), "grid.raw"))
                .isEqualTo(new Sighting(0, 0, false, 2, 5, false));
        assertThat(Sighting.of(headers("dq.id", "grid.raw/0/9", "dq.replayed", "now"), "grid.raw"))
                .isEqualTo(new Sighting(0, 9, false, 1, 1, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "//",
                "grid.raw",
                "grid.raw/0",
                "grid.raw/0/",
                "grid.raw//0",
                "other.raw/0/0",
                "grid.raw/-1/0",
                "grid.raw/0/-1",
                "grid.raw/+0/0",
                "grid.raw/0/00",
                "grid.raw/0/9223372036854775808",
                "grid.raw/2147483648/0",
                "grid.raw/٣/0",
                "x/grid.raw/0/0",
                "grid.raw/0/0\n",
                "grid.raw/0/0 "
            })
    void anIdThatIsNoneIsNoSighting(String id) {
        assertThat(Sighting.of(headers("dq.id", id), "grid.raw")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0/1", "2/1", "1", "1/", "a/b", "1/99999", "999999999/999999999", "1/2/3", "-1/2"})
    void aPartThatIsNoneIsAWhole(String part) {
        assertThat(Sighting.of(headers("dq.id", "grid.raw/0/0", "dq.part", part), "grid.raw"))
                .isEqualTo(new Sighting(0, 0, false, 1, 1, false));
    }

    @Test
    void noHeadersAndRandomBytesAreNoSighting() {
        assertThat(Sighting.of(new RecordHeaders(), "grid.raw")).isNull();
        assertThat(Sighting.of(new RecordHeaders().add("dq.id", null), "grid.raw"))
                .isNull();
        assertThat(Sighting.of(headers("dq.id", "grid.raw/0/" + "1".repeat(100_000)), "grid.raw"))
                .isNull();
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            byte[] id = new byte[random.nextInt(40)];
            random.nextBytes(id);
            assertThat(Sighting.of(new RecordHeaders().add("dq.id", id).add("dq.part", id), "grid.raw"))
                    .isNull();
        }
    }
}
