package io.winnow.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainingReportTest {
    private final TrainingPlan plan = new TrainingPlan(5_000, 0, 1_024, 1);

    @Test
    void growthIsOfTheLastFifthOverTheSecond() {
        List<Double> rising =
                IntStream.range(0, 20).mapToObj(i -> i < 4 ? 1.0 : 100.0 + i).toList();
        TrainingReport report = new TrainingReport(plan, 9, 7.5, List.of(2.0, 1.0, 4.0), rising, 200.0);
        assertThat(report.growth()).isEqualTo(117.5 / 105.5);
        assertThat(report.training()).isEqualTo(2);
        assertThat(report.fields()).containsEntry("peakMiB", 200.0).containsEntry("publishedCpuSeconds", 7.5);
    }

    @Test
    void fewTrainingsSayNothingOfGrowth() {
        TrainingReport report = new TrainingReport(plan, 9, null, List.of(2.0), List.of(100.0), null);
        assertThat(report.growth()).isNull();
        assertThat(report.fields()).containsEntry("growth", null);
    }

    @Test
    void aPlanIsLargeEnough() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TrainingPlan(4_999, 0, 1_024, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new TrainingPlan(5_000, -1, 1_024, 1));
    }
}
