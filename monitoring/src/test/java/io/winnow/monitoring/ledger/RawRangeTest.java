package io.winnow.monitoring.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawRangeTest {
    @Test
    void readsWhatItWrites() {
        assertThat(RawRange.parseAll("0:17,0:20-25,1:3"))
                .containsExactly(new RawRange(0, 17, 17), new RawRange(0, 20, 25), new RawRange(1, 3, 3))
                .extracting(RawRange::toString)
                .containsExactly("0:17", "0:20-25", "1:3");
        assertThat(new RawRange(0, 20, 25).size()).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "17",
                "0:",
                ":1",
                "0:1-",
                "0:5-4",
                "0:1,",
                "0:1 ,0:2",
                "-1:0",
                "0:-1",
                "a:b",
                "0:\n1",
                "9999999999:0",
                "0:99999999999999999999"
            })
    void saysInOneLineWhatToWriteInstead(String text) {
        assertThatThrownBy(() -> RawRange.parseAll(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("like 0:17,0:20-25,1:3")
                .message()
                .doesNotContain("\n");
    }
}
