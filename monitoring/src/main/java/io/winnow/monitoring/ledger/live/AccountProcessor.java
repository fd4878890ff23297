package io.winnow.monitoring.ledger.live;

import io.winnow.monitoring.ledger.Account;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Keeps the accounts of some raw partitions. What a batch tells is in the store when it is processed, so that the transaction
 * that commits its offset holds it; the cache before the changelog makes one entry of the many versions of a page.
 */
final class AccountProcessor implements Processor<Integer, byte[], Void, Void> {
    static final String STORE = "accounts";

    private static final Duration SETTLE = Duration.ofMillis(250);
    /** Ranges of missing records that are named of each partition. */
    private static final int RANGES = 100;

    private final int tasks;
    private final Horizons horizons;
    private final Board board;
    private final Map<Integer, Account> accounts = new HashMap<>();
    private int task;
    private KeyValueStore<Bytes, byte[]> store;
    private long settled;

    /**
     * @param tasks how many there are of it; accounts are dealt out by their partition's number
     */
    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init first
    AccountProcessor(int tasks, Horizons horizons, Board board) {
        this.tasks = tasks;
        this.horizons = horizons;
        this.board = board;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        // A task whose transaction was aborted begins again with this same object, and with what the store then holds.
        accounts.clear();
        settled = 0;
        task = context.taskId().partition();
        store = context.getStateStore(STORE);
        context.schedule(SETTLE, PunctuationType.WALL_CLOCK_TIME, time -> settle());
    }

    @Override
    public void process(Record<Integer, byte[]> record) {
        int partition = record.key();
        Account account = account(partition);
        Batch.tell(record.value(), partition, account, horizons.rawEnd(partition));
        account.flush();
    }

    private Account account(int partition) {
        return accounts.computeIfAbsent(partition, p -> new Account(p, new StreamsStore(store)));
    }

    private void settle() {
        Horizons.Reached reached = horizons.reached();
        if (reached == null || reached.number() == settled) {
            return;
        }
        reached.horizons().forEach((partition, horizon) -> {
            if (partition % tasks == task) {
                board.put(partition, horizon, account(partition).settle(horizon, RANGES));
            }
        });
        settled = reached.number();
    }

    @Override
    public void close() {
        accounts.keySet().forEach(board::leave);
    }
}
