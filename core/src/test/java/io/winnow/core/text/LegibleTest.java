package io.winnow.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LegibleTest {
    private static String shown(String text, int max) {
        return Legible.bytes(text.getBytes(StandardCharsets.UTF_8), max);
    }

    @Test
    void json_is_indented_and_nothing_else_of_it_changes() {
        String value = "{\"a\":1e400,\"a\":\"x, {y}: \\\" [z]\",\"n\":[1,2]}";
        String shown = shown(value, 1_000);
        assertThat(shown).startsWith("{\n  \"a\": 1e400,\n  \"a\": \"x, {y}: \\\" [z]\",\n");
        assertThat(shown.replaceAll("\\n *", "").replaceAll("\": ", "\":")).isEqualTo(value.replaceAll("\": ", "\":"));
    }

    @Test
    void a_value_nested_without_end_stays_small() {
        assertThat(shown("[".repeat(10_000), 20_000).length()).isLessThan(20_020);
    }

    @Test
    void what_is_no_text_is_shown_as_bytes() {
        assertThat(Legible.bytes(new byte[] {(byte) 0xff, 0, 16}, 100)).isEqualTo("ff 00 10");
    }

    @Test
    void invisible_characters_become_visible() {
        assertThat(Legible.line("a\u202eb\u0000c\u200bd\nе", 100)).isEqualTo("a\\u202eb\\u0000c\\u200bd е");
    }

    @Test
    void a_cut_is_marked_and_only_a_cut() {
        assertThat(Legible.line("abcdef", 3)).isEqualTo("abc…");
        assertThat(Legible.line("abc", 3)).isEqualTo("abc");
    }

    @Test
    void an_age_is_in_the_largest_unit() {
        assertThat(Legible.age(-5)).isEqualTo("0 s");
        assertThat(Legible.age(3_599_000)).isEqualTo("59 min");
        assertThat(Legible.age(47 * 3_600_000L)).isEqualTo("47 h");
        assertThat(Legible.age(48 * 3_600_000L)).isEqualTo("2 d");
    }
}
