package io.winnow.core.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordIdTest {
    @Test
    void readsBackWhatItWrites() {
        Random random = new Random(5);
        for (int i = 0; i < 10_000; i++) {
            RecordId id = new RecordId(
                    "grid.raw",
                    random.nextInt() >>> random.nextInt(1, 31),
                    random.nextLong() >>> random.nextInt(1, 63));
            assertThat(RecordId.parse(id.toString())).isEqualTo(id);
        }
        RecordId last = new RecordId("a", Integer.MAX_VALUE, Long.MAX_VALUE);
        assertThat(RecordId.parse("a/2147483647/9223372036854775807")).isEqualTo(last);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "a",
                "a/1",
                "/1/2",
                "a/b/1/2",
                "a//2",
                "a/1/",
                "a/-1/2",
                "a/1/-2",
                "a/+1/2",
                "a/01/2",
                "a/1/02",
                "a/1/2 ",
                " a/1/2/",
                "a/1/2x",
                "a/2147483648/0",
                "a/0/9223372036854775808",
                "a/0/99999999999999999999",
                "a/\u0661/0",
                "a/1.0/2",
                "a/1/\n"
            })
    void readsNothingElse(String text) {
        assertThatThrownBy(() -> RecordId.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRefusalRepeatsNothingThatAHeaderSaid() {
        assertThatThrownBy(() -> RecordId.parse("a\nforged line/b/1/2"))
                .hasMessage("not a record id: a topic, without '/', then 1/2");
    }

    @Test
    void neverThrowsAnythingElse() {
        Random random = new Random(6);
        String signs = "a/0123456789-+ .\u0661";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder s = new StringBuilder();
            for (int k = random.nextInt(12); k >= 0; k--) {
                s.append(signs.charAt(random.nextInt(signs.length())));
            }
            try {
                assertThat(RecordId.parse(s.toString())).hasToString(s.toString());
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).startsWith("not a record id");
            }
        }
    }
}
