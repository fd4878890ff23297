package io.winnow.core.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.core.review.Decision.Action;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecisionTest {
    private static final String AT = "2026-01-31T12:00:00Z";

    private static Decision of(String json) {
        return Decision.decode(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsBackWhatItWrites() {
        Random random = new Random(8);
        for (int i = 0; i < 1_000; i++) {
            StringBuilder why = new StringBuilder();
            for (int k = random.nextInt(50); k > 0; k--) {
                int c = random.nextInt(0xd800);
                why.append((char) c);
            }
            Decision d = new Decision(
                    "d-" + i, "s.raw/0/" + i, Action.values()[random.nextInt(2)], "ann \"<b>", AT, why.toString());
            assertThat(Decision.decode(d.encode())).isEqualTo(d);
        }
    }

    @Test
    void fieldsOfALaterVersionArePassedOver() {
        assertThat(of("{\"id\":\"d\",\"recordId\":\"s.raw/0/1\",\"action\":\"DISCARD\",\"by\":\"ann\",\"at\":\"" + AT
                        + "\",\"why\":\"\",\"since\":2}"))
                .isEqualTo(new Decision("d", "s.raw/0/1", Action.DISCARD, "ann", AT, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "7",
                "{\"id\":\"d\",\"recordId\":\"r\",\"action\":\"BURN\",\"by\":\"a\",\"at\":\"" + AT + "\",\"why\":\"\"}",
                "{\"id\":\"d\",\"recordId\":\"r\",\"by\":\"a\",\"at\":\"" + AT + "\",\"why\":\"\"}",
                "{\"id\":\" \",\"recordId\":\"r\",\"action\":\"RELEASE\",\"by\":\"a\",\"at\":\"" + AT
                        + "\",\"why\":\"\"}",
                "{\"id\":\"d\",\"recordId\":\"r\",\"action\":\"RELEASE\",\"by\":\"a\",\"at\":\"soon\",\"why\":\"\"}",
                "{\"id\":\"d\",\"recordId\":\"r\",\"action\":\"RELEASE\",\"by\":\"a\",\"why\":\"\"}",
                "{\"id\":\"d\",\"recordId\":\"r\",\"action\":\"RELEASE\",\"by\":\"a\",\"at\":\"" + AT + "\"}",
                "{\"id\":\"d\",\"recordId\":\"r\",\"action\":\"RELEASE\",\"by\":\"a\",\"at\":\"" + AT
                        + "\",\"why\":\"\"} {}"
            })
    void whatIsNoDecisionIsRefusedAsSuch(String json) {
        assertThatThrownBy(() -> of(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not a decision");
    }

    @Test
    void tooMuchTextIsRefused() {
        assertThatThrownBy(() -> new Decision("d", "r", Action.RELEASE, "a", AT, "x".repeat(2_001)))
                .hasMessageContaining("2,000");
        assertThatThrownBy(() -> new Decision("d", "r", Action.RELEASE, "x".repeat(101), AT, ""))
                .hasMessageContaining("'by'");
    }
}
