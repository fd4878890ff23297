package io.winnow.core.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class GoAheadTest {
    @Test
    void isACloudEventThatIsKnownAgain() throws IOException {
        byte[] event = new GoAhead("grid", "id-1", Instant.EPOCH, "ada", "mended \"it\"").encode();
        JsonNode read = new ObjectMapper().readTree(event);
        assertThat(read.get("specversion").asText()).isEqualTo("1.0");
        assertThat(read.get("source").asText()).isEqualTo("/winnow/streams/grid");
        assertThat(read.get("time").asText()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(read.get("data").get("why").asText()).isEqualTo("mended \"it\"");
        assertThat(GoAhead.isOne(event)).isTrue();
    }

    @Test
    void nothingElseIsOne() {
        for (String event : new String[] {
            "", "7", "null", "[]", "x", "{\"type\":\"io.winnow.regime-change.began\"}", "{\"type\":{}}", "{\"type\":"
        }) {
            assertThat(GoAhead.isOne(event.getBytes(StandardCharsets.UTF_8)))
                    .as(event)
                    .isFalse();
        }
    }
}
