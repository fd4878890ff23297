package io.winnow.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.app.bench.BenchReport.KernelNanos;
import io.winnow.app.bench.BenchReport.Round;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchReportTest {
    private static BenchReport report(Round... rounds) {
        return new BenchReport(1_000, 290, 2, 1, List.of(rounds), new KernelNanos(1, 2, 3));
    }

    @Test
    void ratiosAreThoseOfTheMedians() {
        BenchReport report = report(new Round(1, 100, 80, 60), new Round(1, 900, 70, 50), new Round(1, 200, 90, 10));
        assertThat(report.fields())
                .containsEntry("plainCopy", 200.0)
                .containsEntry("identityJob", 80.0)
                .containsEntry("hygieneJob", 50.0)
                .containsEntry("hygieneOverPlainCopy", 0.25)
                .containsEntry("hygieneOverIdentity", 50.0 / 80);
    }

    @Test
    void anEvenNumberOfRoundsHasAMedianToo() {
        assertThat(report(new Round(1, 1, 1, 4), new Round(1, 1, 1, 8)).median(Round::hygieneJob))
                .isEqualTo(6);
    }

    @Test
    void noRoundsAreNoReport() {
        assertThatThrownBy(BenchReportTest::report).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPlanThatMeasuresNothingIsRefused() {
        assertThatThrownBy(() -> new BenchPlan(10, 1, 5, 1)).hasMessageContaining("at least 1000 records");
        assertThatThrownBy(() -> new BenchPlan(10_000, 1, 0, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theStreamIsTwentyValidNumbersAndTheSameForTheSameSeed() {
        RowDecoder decoder = new RowDecoder(BenchStream.CONTRACT);
        Row row = new Row(BenchStream.CONTRACT);
        BenchStream stream = new BenchStream(5);
        BenchStream again = new BenchStream(5);
        for (int i = 0; i < 100; i++) {
            byte[] value = stream.next();
            assertThat(again.next()).isEqualTo(value);
            assertThat(decoder.decode(value, row)).isNull();
            assertThat(row.numbers).hasSize(20).doesNotContain(Double.NaN);
        }
    }
}
