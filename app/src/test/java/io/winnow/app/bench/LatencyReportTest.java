package io.winnow.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.winnow.app.bench.LatencyReport.Quantiles;
import java.util.Map;
import java.util.stream.LongStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class LatencyReportTest {
    @Test
    void quantilesAreOfRecordsThatWereThere() {
        long[] nanos = LongStream.rangeClosed(1, 1_000)
                .map(i -> (1_001 - i) * 1_000_000)
                .toArray();
        assertThat(Quantiles.of(nanos)).isEqualTo(new Quantiles(1_000, 500, 990, 999, 1_000));
        assertThat(Quantiles.of(new long[] {7_000_000})).isEqualTo(new Quantiles(1, 7, 7, 7, 7));
        assertThatIllegalArgumentException().isThrownBy(() -> Quantiles.of(new long[0]));
    }

    @Test
    void theReportNamesBothKindsOfDelivery() {
        Quantiles some = new Quantiles(10, 1, 2, 3, 4);
        Map<String, Object> fields = new LatencyReport(100.0, 50, 1_000, 7, some, some).fields();
        assertThat(fields).containsKeys("latencyMillis", "checkpointMillis", "recordsPerSecond", "capacity", "seed");
        assertThat(fields.get("latencyMillis"))
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                .containsEntry("exactlyOnceP99", 2.0)
                .containsEntry("atLeastOnceP99", 2.0);
    }
}
