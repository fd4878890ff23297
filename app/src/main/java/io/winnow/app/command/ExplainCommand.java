package io.winnow.app.command;

import io.winnow.app.Failure;
import io.winnow.app.explain.JudgedRecord;
import io.winnow.app.explain.Picture;
import io.winnow.app.explain.RecordFinder;
import io.winnow.app.home.StreamContracts;
import io.winnow.app.kafka.StreamTopicsSetup;
import io.winnow.app.terminal.Terminal;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.hygiene.Explanation;
import io.winnow.core.hygiene.Histogram;
import io.winnow.core.topic.RecordId;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code winnow explain}. */
@Command(
        name = "explain",
        description = {
            "Compute one record's bits again from its profile, and show what they are made of.",
            "Exits 1 if they are not those of its verdict, to the last digit."
        },
        mixinStandardHelpOptions = true)
public final class ExplainCommand implements Callable<Integer> {
    private static final String RAW = ".raw";

    @Parameters(paramLabel = "ID", description = "TOPIC/PARTITION/OFFSET of the raw record, as in its dq.id header.")
    private String id;

    @Option(names = "--stream", paramLabel = "S", description = "The stream's name (default: from the ID's topic).")
    private @Nullable String stream;

    @Option(
            names = "--contract",
            paramLabel = "FILE",
            description = "The stream's contract (default: the one that winnow last ran with on --data).")
    private @Nullable Path contract;

    @Option(names = "--report", paramLabel = "FILE", description = "Write the explanation as JSON.")
    private @Nullable Path report;

    @Mixin
    private KafkaOption kafka;

    @Override
    public Integer call() {
        RecordId record = parse(id);
        String name = stream != null ? stream : streamOf(record);
        Contract agreed = contract(name);
        return kafka.reach("explain", settings -> explain(record, agreed, settings));
    }

    private int explain(RecordId id, Contract agreed, Map<String, String> settings) {
        StreamTopicsSetup.reach(settings);
        try (RecordFinder finder = new RecordFinder(agreed.stream(), settings)) {
            JudgedRecord record = finder.find(id);
            Explanation explanation = Explanation.of(
                    agreed, finder.profile(record, agreed.hash()), record.value(), finder.past(record, agreed));
            return show(record, explanation);
        } catch (KafkaException e) {
            throw StreamTopicsSetup.unreachable(String.valueOf(settings.get("bootstrap.servers")), e);
        }
    }

    private int show(JudgedRecord record, Explanation explanation) {
        Terminal terminal = Terminal.standard();
        Picture.lines(record, explanation, terminal).forEach(terminal::line);
        boolean equal = Double.compare(record.bits(), explanation.bits()) == 0;
        if (explanation.defect() == null || !equal) {
            terminal.line("");
            terminal.line(
                    equal
                            ? terminal.green("computed again: " + explanation.bits() + " bits, as its verdict says")
                            : terminal.red("computed again: " + explanation.bits() + " bits, but its verdict says "
                                    + record.bits()));
        }
        Json.write(report, fields(record, explanation, equal));
        return equal ? 0 : 1;
    }

    private static RecordId parse(String text) {
        try {
            return RecordId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Failure(
                    "ID must be TOPIC/PARTITION/OFFSET of a raw record, like mill.raw/0/17, not '"
                            + text.replaceAll("\\p{Cntrl}", "?") + "'",
                    e);
        }
    }

    private static String streamOf(RecordId record) {
        if (!record.topic().endsWith(RAW)) {
            throw new Failure("topic " + record.topic() + " is no stream's raw topic; those end in " + RAW);
        }
        return record.topic().substring(0, record.topic().length() - RAW.length());
    }

    private Contract contract(String name) {
        if (contract != null) {
            Contract given = ContractReader.read(contract);
            if (!given.stream().equals(name)) {
                throw new Failure(contract + " is the contract of stream " + given.stream() + ", not of " + name);
            }
            return given;
        }
        return StreamContracts.find(kafka.directory(), name)
                .orElseThrow(() -> new Failure("no contract of stream " + name + " is kept on " + kafka.directory()
                        + "; name it with --contract FILE, or its directory with --data DIR"));
    }

    private static Map<String, Object> fields(JudgedRecord r, Explanation e, boolean equal) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", r.id().toString());
        fields.put("foundOn", r.foundOn());
        fields.put("reason", r.reason());
        fields.put("detail", r.detail());
        fields.put("profile", r.profile());
        fields.put("profileRows", e.rows());
        fields.put("context", r.context());
        fields.put("bits", Json.finite(r.bits()));
        fields.put("bitsComputedAgain", Json.finite(e.bits()));
        fields.put("equal", equal);
        fields.put("threshold", e.threshold());
        fields.put("defect", e.defect());
        fields.put("taught", e.taught());
        fields.put("views", e.views());
        fields.put("fields", e.fields().stream().map(ExplainCommand::fields).toList());
        return fields;
    }

    private static Map<String, Object> fields(Explanation.Field f) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", f.name());
        fields.put("type", f.type().label());
        fields.put("value", f.value());
        fields.put("bits", Json.finite(f.bits()));
        fields.put("alone", Json.finite(f.alone()));
        fields.put("givenOthers", Json.finite(f.givenOthers()));
        fields.put("share", Json.finite(f.share()));
        fields.put("following", f.following());
        fields.put("histogram", f.histogram() == null ? null : fields(f.histogram()));
        return fields;
    }

    private static Map<String, Object> fields(Histogram h) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("from", h.from());
        fields.put("to", h.to());
        fields.put("rows", h.rows());
        fields.put("mark", h.mark() == Histogram.NOWHERE ? null : h.mark());
        return fields;
    }
}
