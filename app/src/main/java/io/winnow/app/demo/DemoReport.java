package io.winnow.app.demo;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.winnow.app.Failure;
import io.winnow.app.terminal.Terminal;
import io.winnow.monitoring.ledger.AuditReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a demo found. Counts are the audit's, over all that the topics hold; what concerns the truth is of this run.
 *
 * @param raw records delivered, up to the last completed checkpoint
 * @param clean those accepted
 * @param quarantined those set aside
 * @param released those that an operator released
 * @param pending those without a verdict yet
 * @param missing those that lost theirs
 * @param duplicated verdicts and releases beyond the first
 * @param conserved whether nothing is missing or duplicated and the counts add up
 * @param faults every kind, as {@link FaultKind#field()}
 * @param precision a share; null if nothing was set aside
 * @param recall a share; null if no fault was injected that it is measured over
 * @param modelsPublished how many
 * @param champion the model in force; null if there is none
 * @param seconds from the first send to the last verdict
 * @param recordsPerSecond records of this run in that time
 * @param seed of the simulation
 * @param detection what the table shows beyond the report
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record DemoReport(
        long raw,
        long clean,
        long quarantined,
        long released,
        long pending,
        long missing,
        long duplicated,
        boolean conserved,
        Map<String, FaultCount> faults,
        @Nullable Double precision,
        @Nullable Double recall,
        int modelsPublished,
        @Nullable Champion champion,
        double seconds,
        double recordsPerSecond,
        long seed,
        @JsonIgnore Detection detection) {

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    static DemoReport of(
            AuditReport audit,
            Detection detection,
            int modelsPublished,
            @Nullable Champion champion,
            long records,
            double seconds,
            long seed) {
        Map<String, FaultCount> faults = new LinkedHashMap<>();
        detection.faults().forEach((kind, count) -> faults.put(kind.field(), count));
        return new DemoReport(
                audit.raw(),
                audit.clean(),
                audit.quarantined(),
                audit.released(),
                audit.pending(),
                audit.missing(),
                audit.duplicated(),
                audit.conserved(),
                faults,
                detection.precision(),
                detection.recall(),
                modelsPublished,
                champion,
                seconds,
                records / seconds,
                seed,
                detection);
    }

    /** The lines that a person reads at the end. */
    public List<String> table(Terminal terminal) {
        return DemoTable.lines(this, terminal);
    }

    /**
     * Writes the report as JSON.
     *
     * @throws Failure if the file cannot be written
     */
    public void write(Path file) {
        try {
            Files.writeString(file, JSON.writeValueAsString(this) + "\n");
        } catch (IOException e) {
            throw new Failure(
                    "cannot write the report to " + file + " (" + e.getMessage() + "); name another file with --report",
                    e);
        }
    }
}
