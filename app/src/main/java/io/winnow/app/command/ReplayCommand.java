package io.winnow.app.command;

import io.winnow.app.Failure;
import io.winnow.app.home.StreamContracts;
import io.winnow.app.kafka.StreamTopicsSetup;
import io.winnow.app.ledger.Replays;
import io.winnow.app.terminal.Terminal;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.monitoring.ledger.RawRange;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code winnow replay}. */
@Command(
        name = "replay",
        description = "Judge records again that have no verdict, and only those, so that the ledger closes.",
        mixinStandardHelpOptions = true)
public final class ReplayCommand implements Callable<Integer> {
    @Option(names = "--stream", required = true, paramLabel = "S", description = "The stream's name.")
    private String stream;

    @ArgGroup(multiplicity = "1")
    private Which which = new Which();

    /** Either of them. */
    private static final class Which {
        @Option(
                names = "--offsets",
                paramLabel = "OFFSETS",
                description = "Raw offsets by partition, like 0:17,0:20-25,1:3. One that needs no verdict is refused.")
        private @Nullable String offsets;

        @Option(names = "--missing", description = "All that 'winnow audit' names.")
        private boolean missing;
    }

    @Option(
            names = "--contract",
            paramLabel = "FILE",
            description = "The stream's contract (default: the one that winnow last ran with on --data).")
    private @Nullable Path contract;

    @Option(
            names = "--checkpoints",
            paramLabel = "DIR",
            description =
                    "The job's checkpoint directory: records that no topic takes are kept beside it (default: that"
                            + " on --data).")
    private @Nullable Path checkpoints;

    @Option(names = "--report", paramLabel = "FILE", description = "Write the figures as JSON.")
    private @Nullable Path report;

    @Mixin
    private KafkaOption kafka;

    @Override
    public Integer call() {
        List<RawRange> offsets = which.offsets == null ? null : RawRange.parseAll(which.offsets);
        Contract agreed = contract();
        Path directory = checkpoints != null
                ? checkpoints
                : kafka.directory().resolve("checkpoints").resolve(stream);
        Replays.Result result = kafka.reach("replay", settings -> replay(agreed, settings, directory, offsets));
        Terminal terminal = Terminal.standard();
        long all = result.clean() + result.quarantined();
        terminal.line(
                all == 0
                        ? "nothing is missing"
                        : String.format(
                                java.util.Locale.ROOT,
                                "judged %,d again: %,d clean, %,d quarantined, by profile %s",
                                all,
                                result.clean(),
                                result.quarantined(),
                                result.profile()));
        Json.write(report, fields(result));
        return 0;
    }

    private static Replays.Result replay(
            Contract contract, Map<String, String> settings, Path checkpoints, @Nullable List<RawRange> offsets) {
        StreamTopicsSetup.reach(settings);
        try {
            return Replays.run(contract, settings, checkpoints, offsets, Clock.systemUTC());
        } catch (KafkaException e) {
            throw StreamTopicsSetup.unreachable(String.valueOf(settings.get("bootstrap.servers")), e);
        }
    }

    private Contract contract() {
        if (contract == null) {
            return StreamContracts.find(kafka.directory(), stream)
                    .orElseThrow(() -> new Failure("no contract of stream " + stream + " is kept on "
                            + kafka.directory() + "; name it with --contract FILE, or its directory with --data DIR"));
        }
        Contract given = ContractReader.read(contract);
        if (!given.stream().equals(stream)) {
            throw new Failure(contract + " is the contract of stream " + given.stream() + ", not of " + stream);
        }
        return given;
    }

    private static Map<String, Object> fields(Replays.Result r) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("replayed", r.clean() + r.quarantined());
        fields.put("clean", r.clean());
        fields.put("quarantined", r.quarantined());
        fields.put("profile", r.profile());
        fields.put("ranges", r.ranges().stream().map(RawRange::toString).toList());
        return fields;
    }
}
