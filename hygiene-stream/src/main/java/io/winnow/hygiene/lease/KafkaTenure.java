package io.winnow.hygiene.lease;

import io.winnow.hygiene.lease.LeaseRecord.Side;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** A tenure that rests on {@code S.leases}. */
final class KafkaTenure implements Tenure {
    private static final long serialVersionUID = 1;

    private final HashMap<String, String> kafka;
    private final String topic;
    private final String holder;
    private final String who;

    KafkaTenure(Map<String, String> kafka, String topic, String holder, String who) {
        this.kafka = new HashMap<>(kafka);
        this.topic = topic;
        this.holder = holder;
        this.who = who;
    }

    @Override
    public Keeping keep(Consumer<LeaseLostException> onLoss) {
        LeaseHolder mine = new LeaseHolder(holder, who, Side.JOB, LeaseState.NONE, 0);
        Heart heart = new Heart(topic, mine, () -> new LeaseLog(kafka, topic), onLoss, false);
        heart.start();
        return heart;
    }
}
