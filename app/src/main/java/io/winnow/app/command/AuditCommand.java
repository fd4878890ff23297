package io.winnow.app.command;

import io.winnow.app.kafka.StreamTopicsSetup;
import io.winnow.app.terminal.Terminal;
import io.winnow.monitoring.ledger.AuditReport;
import io.winnow.monitoring.ledger.ConservationAudit;
import io.winnow.monitoring.ledger.RawRange;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code winnow audit}. */
@Command(
        name = "audit",
        description = "Prove from the topics alone that every record has exactly one verdict.",
        mixinStandardHelpOptions = true)
public final class AuditCommand implements Callable<Integer> {
    @Option(names = "--stream", required = true, paramLabel = "S", description = "The stream's name.")
    private String stream;

    @Option(names = "--report", paramLabel = "FILE", description = "Write the figures as JSON.")
    private @Nullable Path report;

    @Mixin
    private KafkaOption kafka;

    @Override
    public Integer call() {
        Terminal terminal = Terminal.standard();
        AuditReport result = kafka.reach("audit", this::audit);
        terminal.line(
                "%,d raw = %,d clean + %,d quarantined; %,d missing, %,d duplicated",
                result.raw(), result.clean(), result.quarantined(), result.missing(), result.duplicated());
        terminal.line("%,d released, %,d pending, %,d expired", result.released(), result.pending(), result.expired());
        result.missingIds().forEach(id -> terminal.line("missing: %s", id));
        if (result.missing() > result.missingIds().size()) {
            terminal.line(
                    "and %,d more; --report FILE names all",
                    result.missing() - result.missingIds().size());
        }
        if (result.missing() > 0) {
            terminal.line("'winnow replay --stream %s --missing' judges them again", stream);
        }
        terminal.line(result.conserved() ? terminal.green("conserved") : terminal.red("NOT conserved"));
        Json.write(report, fields(result));
        return result.conserved() ? 0 : 1;
    }

    private AuditReport audit(Map<String, String> settings) {
        StreamTopicsSetup.reach(settings);
        try {
            return ConservationAudit.audit(stream, settings);
        } catch (KafkaException e) {
            throw StreamTopicsSetup.unreachable(String.valueOf(settings.get("bootstrap.servers")), e);
        }
    }

    private static Map<String, Object> fields(AuditReport r) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("raw", r.raw());
        fields.put("clean", r.clean());
        fields.put("quarantined", r.quarantined());
        fields.put("released", r.released());
        fields.put("pending", r.pending());
        fields.put("expired", r.expired());
        fields.put("missing", r.missing());
        fields.put("duplicated", r.duplicated());
        fields.put("conserved", r.conserved());
        fields.put("missingIds", r.missingIds());
        fields.put(
                "missingRanges",
                r.missingRanges().stream().map(RawRange::toString).toList());
        return fields;
    }
}
