package io.winnow.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.winnow.app.kafka.Ports;
import org.junit.jupiter.api.Test;

class StreamRegimeTest {
    private static String line(String json) throws Exception {
        return StreamRegime.line(new ObjectMapper().readTree(json));
    }

    @Test
    void oneLineForEachState() throws Exception {
        assertThat(line("{\"state\":\"steady\",\"since\":null,\"acceptedNow\":0}"))
                .isEqualTo("steady");
        assertThat(line("{\"state\":\"changing\",\"since\":\"2026-01-01T00:00:00Z\",\"acceptedNow\":0}"))
                .isEqualTo("changing since 2026-01-01T00:00:00Z: see the desk for what leads");
        assertThat(line("{\"state\":\"steady\",\"began\":\"A\",\"ended\":\"B\",\"acceptedNow\":1234}"))
                .isEqualTo("steady; 1,234 cases set aside during the change of A to B would be accepted now");
    }

    @Test
    void aDeskThatIsGoneIsSaidToBe() {
        assertThat(StreamRegime.ask("http://127.0.0.1:" + Ports.free(0, "nobody") + "/"))
                .isEqualTo("unknown: the desk does not answer");
    }
}
