package io.winnow.core.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Utf8Test {
    @Test
    void looksAtTheRangeOnly() {
        byte[] bytes = {(byte) 0xff, 'a', (byte) 0xc3, (byte) 0xa4, (byte) 0xff};
        assertThat(Utf8.isValid(bytes)).isFalse();
        assertThat(Utf8.isValid(bytes, 1, 4)).isTrue();
        assertThat(Utf8.isValid(bytes, 1, 3)).as("cut within a character").isFalse();
        assertThat(Utf8.isValid("\ud83d\ude00".getBytes(StandardCharsets.UTF_8)))
                .isTrue();
    }
}
