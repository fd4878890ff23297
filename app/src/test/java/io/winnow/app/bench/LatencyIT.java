package io.winnow.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.app.terminal.Terminal;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatencyIT {
    /** Whether it is short enough is for a quiet machine to say; that transactions wait for checkpoints is for any. */
    @Test
    void bothKindsOfDeliveryAreMeasured(@TempDir Path folder) {
        LatencyReport report =
                Latency.run(folder, new LatencyPlan(2_000, OptionalDouble.of(200), 2, 2, 5), Terminal.standard());
        assertThat(report.capacity()).isNull();
        assertThat(report.exactlyOnce().records()).isBetween(390L, 410L);
        assertThat(report.atLeastOnce().records()).isBetween(390L, 410L);
        assertThat(report.atLeastOnce().p50())
                .isPositive()
                .isLessThan(report.exactlyOnce().p50());
    }
}
