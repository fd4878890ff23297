package io.winnow.app.demo;

import io.winnow.core.model.ChampionHistory;
import io.winnow.core.model.ModelCard;
import io.winnow.core.model.Promotion;
import io.winnow.core.topic.StreamTopics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The models that were published, and the one in force, as their topics tell. */
final class Models implements AutoCloseable {
    private final StreamTopics topics;
    private final TopicReader reader;
    private final Map<String, ModelCard> cards = new LinkedHashMap<>();
    private ChampionHistory history = ChampionHistory.EMPTY;

    Models(StreamTopics topics, Map<String, String> kafka) {
        this.topics = topics;
        this.reader = TopicReader.fromBeginning(kafka, topics.models(), topics.promotions());
    }

    /** Reads what is there, waiting this long at most for anything. */
    void poll(Duration wait) {
        reader.poll(wait, this::note);
    }

    private void note(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return;
        }
        if (record.topic().equals(topics.models())) {
            ModelCard card = ModelCard.decode(record.value());
            cards.put(card.id(), card);
        } else {
            history = history.after(List.of(Promotion.decode(record.value())));
        }
    }

    /** How many were ever published. */
    int published() {
        return cards.size();
    }

    /** The one in force, once both its card and its promotion are there. */
    Optional<Champion> champion() {
        return history.champion().map(cards::get).map(Champion::of);
    }

    @Override
    public void close() {
        reader.close();
    }
}
