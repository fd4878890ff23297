package io.winnow.trainer.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.model.Promotion;
import io.winnow.core.model.Promotion.Action;
import io.winnow.core.topic.StreamTopics;
import io.winnow.trainer.ModelTopics;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class RegistryTest {
    private final ModelTopics topics = new ModelTopics("s");
    private final Registry registry = new Registry(new StreamTopics("s"), topics.consumer(), topics.producer());

    private static Promotion event(String stream, Action action, String id) {
        return new Promotion(stream, action, id, "2026-01-31T12:00:00Z", "ada", "because");
    }

    @Test
    void readsWhatIsThereAndThenWhatComes() throws Exception {
        topics.add("s.models", ModelTopics.card("m1").encode());
        topics.add("s.promotions", event("s", Action.PROMOTE, "m1").encode());
        assertThat(registry.roster()).isEqualTo(Roster.EMPTY);
        Roster roster = registry.read(() -> false);
        assertThat(roster.champion()).contains(ModelTopics.card("m1"));
        assertThat(roster.mark("m1")).isEqualTo("champion");
        topics.add("s.promotions", event("s", Action.PIN, "m1").encode());
        assertThat(registry.poll().mark("m1")).isEqualTo("champion (pinned)");
        assertThat(roster.history().pinned())
                .as("what was handed out never changes")
                .isFalse();
    }

    @Test
    void skipsWhatItCannotReadAndWhatIsAnotherStreams() {
        topics.add("s.models", "no card".getBytes(StandardCharsets.UTF_8));
        topics.add("s.models", null);
        topics.add("s.promotions", "{}".getBytes(StandardCharsets.UTF_8));
        topics.add("s.promotions", event("other", Action.PROMOTE, "m9").encode());
        topics.add("s.promotions", event("s", Action.PROMOTE, "m1").encode());
        Roster roster = registry.read(() -> false);
        assertThat(roster.history().champion()).contains("m1");
        assertThat(roster.champion()).as("no card").isEmpty();
        assertThat(roster.cards()).isEmpty();
    }

    @Test
    void writesOnlyWhatIsLegalAndSaysWhyNot() throws Exception {
        registry.announce(ModelTopics.card("m1"));
        assertThat(registry.record(event("s", Action.PROMOTE, "m1"))).isEmpty();
        assertThat(registry.record(event("s", Action.PIN, "m1"))).isEmpty();
        assertThat(registry.record(event("s", Action.PROMOTE, "m2"))).contains("champion m1 is pinned; unpin it first");
        assertThat(topics.producer().history())
                .extracting(ProducerRecord::topic)
                .containsExactly("s.models", "s.promotions", "s.audit", "s.promotions", "s.audit");
        String audited = new String(topics.producer().history().get(4).value(), StandardCharsets.UTF_8);
        assertThat(audited).contains("\"type\":\"io.winnow.model.pin\"", "\"by\":\"ada\"", "\"model\":\"m1\"");
        assertThat(registry.roster().history().champion()).contains("m1");
    }

    @Test
    void anEventThatComesTooLateHasNoEffectAndSaysSo() throws Exception {
        registry.record(event("s", Action.PROMOTE, "m1"));
        topics.beforeSend(
                () -> topics.add("s.promotions", event("s", Action.PIN, "m1").encode()));
        assertThat(registry.record(event("s", Action.PROMOTE, "m2"))).contains("champion m1 is pinned; unpin it first");
        assertThat(registry.roster().history().champion()).contains("m1");
        assertThat(registry.roster().history().events()).hasSize(2);
    }

    @Test
    void stopsReadingWhenItIsToldTo() {
        MockConsumer<byte[], byte[]> consumer = topics.consumer();
        consumer.updateEndOffsets(Map.of(new org.apache.kafka.common.TopicPartition("s.models", 0), 5L));
        assertThat(registry.read(() -> true)).isEqualTo(Roster.EMPTY);
    }
}
