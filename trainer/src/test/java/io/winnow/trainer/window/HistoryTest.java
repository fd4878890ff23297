package io.winnow.trainer.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import io.winnow.trainer.Streams;
import io.winnow.trainer.window.CleanRow.Standing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Order and lags against a version that is too simple to be wrong. */
class HistoryTest {
    /** A row as the naive version sees it. */
    private record Seen(int index, long key, long time, int partition, long raw, boolean released, double target) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void lagsAreThePreviousAcceptedRowsOfTheKeyInOrderOfEventTime(long seed) {
        Random random = new Random(seed);
        Contract contract = Streams.regression(10_000);
        LiveWindow live = new LiveWindow(contract);
        List<Seen> all = new ArrayList<>();
        Row row = new Row(contract);
        for (int i = 0; i < 300; i++) {
            row.clear();
            // Few distinct times, so that ties are common; late rows everywhere.
            row.eventTime = random.nextInt(60);
            row.targetNumber = random.nextInt(5) == 0 ? Double.NaN : i;
            row.numbers[0] = i;
            int partition = random.nextInt(3);
            long raw = random.nextInt(100_000);
            long key = random.nextInt(4);
            boolean released = random.nextInt(6) == 0;
            live.add(new CleanRow(partition, i, raw, i, key, released ? Standing.RELEASED : Standing.ACCEPTED, row));
            all.add(new Seen(i, key, row.eventTime, partition, raw, released, row.targetNumber));
        }
        Window window = live.cut();
        History history = new History(window);
        Comparator<Seen> inTime = Comparator.comparingLong(Seen::time)
                .thenComparingInt(Seen::partition)
                .thenComparingLong(Seen::raw)
                .thenComparingLong(Seen::index);
        for (int r = 0; r < window.size(); r++) {
            Seen self = all.get((int) window.number(r, 0));
            List<Seen> before = all.stream()
                    .filter(s -> s.key() == self.key() && !s.released() && inTime.compare(s, self) < 0)
                    .sorted(inTime.reversed())
                    .toList();
            for (int lag = 1; lag <= 30; lag++) {
                int got = history.before(r, lag);
                int expected = lag <= before.size() ? before.get(lag - 1).index() : -1;
                assertThat(got < 0 ? -1 : (int) window.number(got, 0)).isEqualTo(expected);
            }
            double last = before.stream()
                    .mapToDouble(Seen::target)
                    .filter(t -> !Double.isNaN(t))
                    .findFirst()
                    .orElse(Double.NaN);
            assertThat(Double.compare(history.lastTarget(window, r), last)).isZero();
        }
    }
}
