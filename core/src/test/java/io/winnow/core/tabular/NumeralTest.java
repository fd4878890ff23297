package io.winnow.core.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumeralTest {
    private static final String JSON_NUMBER = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?";

    private static boolean isJson(String s) {
        byte[] b = s.getBytes(StandardCharsets.UTF_8);
        return Numeral.isJson(b, 0, b.length);
    }

    private static String toJson(String s) {
        byte[] b = s.getBytes(StandardCharsets.UTF_8);
        return Numeral.toJson(b, 0, b.length);
    }

    @Test
    void agreesWithJsonsGrammarAndKeepsTheValue() {
        Random random = new Random(9);
        String signs = "00123456789..--+eE";
        int numbers = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder s = new StringBuilder();
            for (int k = random.nextInt(7); k >= 0; k--) {
                s.append(signs.charAt(random.nextInt(signs.length())));
            }
            String text = s.toString();
            assertThat(isJson(text)).as(text).isEqualTo(text.matches(JSON_NUMBER));
            String json = toJson(text);
            if (!json.isEmpty() && !text.matches(".*[eE].*[0-9]{4}")) {
                numbers++;
                assertThat(json).as(text).matches(JSON_NUMBER);
                assertThat(new BigDecimal(json)).as(text).isEqualByComparingTo(new BigDecimal(text));
            }
        }
        assertThat(numbers).isGreaterThan(10_000);
    }

    @ParameterizedTest
    @CsvSource({"+5,5", ".5,0.5", "5.,5", "007,7", "-.5e3,-0.5e3", "00,0", "-0.0,-0.0", "+1.e+2,1e+2"})
    void writesOtherNotationsAsJson(String text, String json) {
        assertThat(isJson(text) ? text : toJson(text)).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+",
                ".",
                "e5",
                "1e",
                "1e+",
                "NaN",
                "Infinity",
                "0x1F",
                "1,5",
                "1 2",
                "1_000",
                "٣",
                "--1"
            })
    void whatIsNoNumberStaysNone(String text) {
        assertThat(isJson(text)).isFalse();
        assertThat(toJson(text)).isEmpty();
    }
}
