package io.winnow.ingest;

import io.winnow.core.contract.Contract;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What goes where, and how fast.
 *
 * @param stream the stream whose topic takes the records
 * @param labels whether they are labels that come later than their rows, which go to a topic of their own
 * @param files read one after the other; {@link #STDIN} is the standard input
 * @param contract types CSV cells and names the Kafka key; without one cells are what they look like, and keys are null
 * @param kafka client properties with at least {@code bootstrap.servers}; they override all settings of ours but those
 *     that keep records from being lost or doubled
 * @param rate records per second at most; positive infinity for as fast as it goes
 * @param asideFolder where records that are larger than the topic takes are kept, one a line, in
 *     {@code STREAM.too-large.ndjson}; made when it is needed
 */
public record IngestPlan(
        String stream,
        boolean labels,
        List<Path> files,
        Optional<Contract> contract,
        Map<String, String> kafka,
        double rate,
        Path asideFolder) {

    /** The standard input. */
    public static final Path STDIN = Path.of("-");

    public IngestPlan {
        files = List.copyOf(files);
        kafka = Map.copyOf(kafka);
        if (files.isEmpty()) {
            throw new IllegalArgumentException("ingest needs at least one file, or - for the standard input");
        }
        Set<Path> seen = new HashSet<>();
        for (Path file : files) {
            if (!seen.add(file.equals(STDIN) ? file : file.toAbsolutePath().normalize())) {
                throw new IllegalArgumentException(file + " is given twice; each record goes once");
            }
        }
        if (!kafka.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException("ingest needs bootstrap.servers");
        }
        if (!(rate > 0)) {
            throw new IllegalArgumentException("the rate must be above 0 records per second, not " + rate);
        }
        contract.ifPresent(c -> {
            if (!c.stream().equals(stream)) {
                throw new IllegalArgumentException("the contract is for stream '" + c.stream() + "', not '" + stream
                        + "'; give --stream " + c.stream() + " or another contract");
            }
        });
    }
}
