package io.winnow.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.winnow.app.Failure;
import io.winnow.app.terminal.Terminal;
import io.winnow.core.model.Baselines;
import io.winnow.core.row.Reason;
import io.winnow.core.topic.RecordId;
import io.winnow.monitoring.ledger.AuditReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoReportTest {
    private static final Detection DETECTION = new Detection(
            Map.of(
                    FaultKind.UNIT_SLIP, new FaultCount(10, 9),
                    FaultKind.SIGN_FLIP, new FaultCount(10, 8),
                    FaultKind.SWAPPED_FIELDS, new FaultCount(10, 7),
                    FaultKind.IMPOSSIBLE_COMBINATION, new FaultCount(10, 6),
                    FaultKind.MISSING_FIELDS, new FaultCount(10, 4),
                    FaultKind.BROKEN_JSON, new FaultCount(10, 10),
                    FaultKind.FROZEN_SENSOR, new FaultCount(50, 40)),
            11,
            Map.of(Reason.MALFORMED, 10L, Reason.SURPRISING, 85L));
    private static final AuditReport AUDIT =
            new AuditReport("grid", 1_000, 905, 95, 0, 0, 0, 0, 0, true, List.of(), List.of());

    @TempDir
    Path directory;

    @Test
    void recallIsOverValidSingleRowsAndPrecisionOverAllThatWasSetAside() {
        assertThat(DETECTION.recall()).isCloseTo(30 / 40.0, within(1e-12));
        assertThat(DETECTION.precision()).isCloseTo(84 / 95.0, within(1e-12));
    }

    @Test
    void whatDoesNotApplyIsNullAndNeverAbsent() throws IOException {
        Detection nothing = new Detection(Map.of(), 0, Map.of());
        JsonNode json = written(DemoReport.of(AUDIT, nothing, 0, null, 1_000, 2, 7));
        assertThat(json.path("precision").isNull()).isTrue();
        assertThat(json.path("recall").isNull()).isTrue();
        assertThat(json.path("champion").isNull()).isTrue();
        assertThat(json.path("faults").size()).isEqualTo(FaultKind.values().length);
    }

    @Test
    void theReportHasExactlyTheFieldsOfTheDesign() throws IOException {
        JsonNode json = written(report());
        assertThat(names(json))
                .containsExactly(
                        "raw",
                        "clean",
                        "quarantined",
                        "released",
                        "pending",
                        "missing",
                        "duplicated",
                        "conserved",
                        "faults",
                        "precision",
                        "recall",
                        "modelsPublished",
                        "champion",
                        "seconds",
                        "recordsPerSecond",
                        "seed");
        assertThat(names(json.path("champion"))).containsExactly("id", "metric", "value", "baselines");
        assertThat(names(json.path("champion").path("baselines"))).containsExactly("noChange", "linear", "forest");
        assertThat(names(json.path("faults").path("unitSlip"))).containsExactly("injected", "quarantined");
        assertThat(json.path("faults").path("unitSlip").path("quarantined").asLong())
                .isEqualTo(9);
        assertThat(json.path("recordsPerSecond").asDouble()).isEqualTo(500);
        assertThat(json.path("conserved").isBoolean()).isTrue();
    }

    @Test
    void theTableProvesThatNothingWasLost() {
        List<String> lines = report().table(Terminal.standard());
        assertThat(lines).anyMatch(l -> l.contains("1,000 in = 905 clean + 95 set aside; 0 missing, 0 twice"));
        assertThat(lines).anyMatch(l -> l.contains("unit slip") && l.contains("9") && l.contains("10"));
        assertThat(lines.stream().map(String::length).distinct()).hasSize(1);
    }

    @Test
    void aReportThatCannotBeWrittenSaysSo() {
        assertThatThrownBy(() -> report().write(directory.resolve("no/such/r.json")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("--report");
    }

    @Test
    void onlyThisRunsRecordsAreHeldAgainstTheTruthAndEachOnce() {
        Truth truth = new Truth();
        truth.sent(0, 100, Optional.empty());
        truth.sent(0, 102, Optional.of(FaultKind.SIGN_FLIP));
        assertThat(truth.judged(new RecordId("grid.raw", 0, 99))).isFalse();
        assertThat(truth.judged(new RecordId("grid.raw", 0, 101))).isFalse();
        assertThat(truth.judged(new RecordId("grid.raw", 1, 100))).isFalse();
        assertThat(truth.judged(new RecordId("grid.raw", 0, 102))).isTrue();
        assertThat(truth.judged(new RecordId("grid.raw", 0, 102))).isFalse();
        assertThat(truth.faultOf(new RecordId("grid.raw", 0, 102))).contains(FaultKind.SIGN_FLIP);
        assertThat(truth.sent()).isEqualTo(2);
        assertThat(truth.judged()).isEqualTo(1);
        assertThat(truth.injected(FaultKind.SIGN_FLIP)).isEqualTo(1);
    }

    private static DemoReport report() {
        Champion champion = new Champion("m-1", "mae", 1.2, new Baselines(3.4, 2.3, 2.0));
        return DemoReport.of(AUDIT, DETECTION, 2, champion, 1_000, 2, 7);
    }

    private JsonNode written(DemoReport report) throws IOException {
        Path file = directory.resolve("r.json");
        report.write(file);
        return new ObjectMapper().readTree(file.toFile());
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
