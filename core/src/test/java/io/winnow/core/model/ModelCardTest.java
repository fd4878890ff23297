package io.winnow.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelCardTest {
    private static final ModelCard CARD = new ModelCard(
            "grid-1",
            "grid",
            "2026-01-31T12:00:00Z",
            ModelCard.MAE,
            1.5,
            new Baselines(2.5, 2.0, 1.9),
            null,
            1_000,
            200,
            new Slices("no-change", List.of(new Slices.Slice("07", 40, 1.2, 2.1)), List.of()),
            List.of(new OffsetRange(0, 10, 600), new OffsetRange(1, 0, 500)),
            List.of(new OffsetRange(0, 3, 90)),
            "a".repeat(64),
            -7,
            null,
            "0.1.0",
            Map.of("hidden", "128"),
            "b".repeat(64),
            "grid-1");

    @Test
    void readsBackWhatItWrote() {
        assertThat(ModelCard.decode(CARD.encode())).isEqualTo(CARD);
    }

    @Test
    void fieldsOfLaterVersionsAreIgnoredAndAbsentChampionIsNull() {
        String json = new String(CARD.encode(), StandardCharsets.UTF_8);
        assertThat(json).contains("\"champion\":null");
        String later = json.substring(0, json.length() - 1) + ",\"pinned\":true}";
        assertThat(ModelCard.decode(later.getBytes(StandardCharsets.UTF_8))).isEqualTo(CARD);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "\"directory\":\"grid-1\",\"directory\":\"../x\",directory must be",
                "\"metric\":\"mae\",\"metric\":\"rmse\",the metric must be",
                "2026-01-31T12:00:00Z,yesterday,a time must be written",
                "\"rows\":1000,\"rows\":100,must be positive",
                "\"baselines\":{\"noChange\":2.5,\"baselines\":{\"noChange\":\"NaN\",baselines must be finite",
                "\"window\":[{\"partition\":0,\"window\":[{\"partition\":-1,not an offset range",
                "\"seed\":-7,\"seed\":null,not its JSON",
                "bbbbbbbb,BBBBBBBB,must be a SHA-256"
            })
    void saysWhatIsWrong(String good, String bad, String message) {
        String json = new String(CARD.encode(), StandardCharsets.UTF_8);
        assertThat(json).contains(good);
        byte[] broken = json.replace(good, bad).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> ModelCard.decode(broken))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a model card")
                .hasMessageContaining(message);
    }

    /** Bytes that are no UTF-8 can pass for half a character in Jackson's eyes. */
    @Test
    void aNameOfHalfACharacterIsRefused() {
        String json = new String(CARD.encode(), StandardCharsets.ISO_8859_1);
        byte[] broken = json.replace(
                        "\"hyperparameters\":{", "\"hyperparameters\":{\"\u00f6\u00a4\u00a4\u00a4\":\"1\",")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> ModelCard.decode(broken)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bytesThatAreNoJsonAreRefusedWithoutQuotingThem() {
        assertThatThrownBy(() -> ModelCard.decode("<script>".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a model card: not its JSON");
        assertThatThrownBy(() -> ModelCard.decode("null".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void promotionReadsBackAndChecksItself() {
        Promotion promotion = new Promotion(
                "grid", Promotion.Action.PROMOTE, "grid-1", "2026-01-31T12:00:00Z", "trainer", "better by far");
        assertThat(Promotion.decode(promotion.encode())).isEqualTo(promotion);
        String json = new String(promotion.encode(), StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Promotion.decode(
                        json.replace("\"grid-1\"", "\"../../etc\"").getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("not a promotion: modelId must be");
        assertThatThrownBy(() ->
                        Promotion.decode(json.replace("PROMOTE", "EXPLODE").getBytes(StandardCharsets.UTF_8)))
                .hasMessage("not a promotion: not its JSON");
    }
}
