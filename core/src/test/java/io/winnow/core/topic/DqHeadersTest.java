package io.winnow.core.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DqHeadersTest {
    @Test
    void bitsReadBackAsTheSameDouble() {
        Random random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            double bits = i < 5_000 ? random.nextDouble() * 40 : Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(bits)) {
                assertThat(Double.parseDouble(DqHeaders.text(DqHeaders.bits(bits))))
                        .isEqualTo(bits);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void bitsThatAreNoNumberAreRefused(double bits) {
        assertThatThrownBy(() -> DqHeaders.bits(bits)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void featuresAreFloat32BigEndian() {
        assertThat(DqHeaders.features(new float[] {1f, Float.NaN})).containsExactly(0x3f, 0x80, 0, 0, 0x7f, 0xc0, 0, 0);
        float[] vector = {0f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NaN, -1.5f};
        assertThat(DqHeaders.features(DqHeaders.features(vector))).containsExactly(vector);
        assertThat(DqHeaders.features(new byte[0])).isEmpty();
        assertThatThrownBy(() -> DqHeaders.features(new byte[3])).hasMessageContaining("not 3 bytes");
    }

    @Test
    void aDetailIsCutBetweenCharacters() {
        Random random = new Random(4);
        String[] letters = {"a", "\u00e4", "\u4e16", "\ud83d\ude00"};
        for (int i = 0; i < 1_000; i++) {
            StringBuilder s = new StringBuilder();
            for (int k = random.nextInt(300); k >= 0; k--) {
                s.append(letters[random.nextInt(4)]);
            }
            byte[] detail = DqHeaders.detail(s.toString());
            assertThat(detail.length).isLessThanOrEqualTo(DqHeaders.MAX_DETAIL_BYTES);
            String back = new String(detail, StandardCharsets.UTF_8);
            assertThat(s.toString()).startsWith(back);
            assertThat(back).doesNotContain("\ufffd");
            int whole = s.toString().getBytes(StandardCharsets.UTF_8).length;
            assertThat(detail.length).isGreaterThanOrEqualTo(Math.min(whole, DqHeaders.MAX_DETAIL_BYTES - 3));
        }
    }
}
