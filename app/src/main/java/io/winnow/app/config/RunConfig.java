package io.winnow.app.config;

import io.winnow.core.contract.Contract;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What {@code winnow run} starts.
 *
 * @param streams the contracts, each with the file it came from
 * @param data the data directory, if the file names one
 * @param kafka client settings of a Kafka cluster; empty for the embedded broker
 * @param flink the hygiene jobs
 * @param trainer the trainers
 * @param ports where things listen on 127.0.0.1
 */
public record RunConfig(
        List<Stream> streams,
        Optional<Path> data,
        Map<String, String> kafka,
        FlinkSettings flink,
        TrainerSettings trainer,
        PortSettings ports) {

    public RunConfig {
        streams = List.copyOf(streams);
        kafka = Map.copyOf(kafka);
        if (streams.isEmpty()) {
            throw new IllegalArgumentException("streams must name at least one contract file");
        }
        Set<String> names = new HashSet<>();
        for (Stream stream : streams) {
            if (!names.add(stream.contract().stream())) {
                throw new IllegalArgumentException(
                        "two contracts name the stream '" + stream.contract().stream() + "'; rename one");
            }
        }
        if (!kafka.isEmpty() && !kafka.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException(
                    "kafka needs bootstrap.servers (leave kafka out altogether for the embedded broker)");
        }
    }

    /** One stream with everything as it comes. */
    public static RunConfig of(Contract contract, String yaml) {
        return new RunConfig(
                List.of(new Stream(contract, yaml)),
                Optional.empty(),
                Map.of(),
                FlinkSettings.DEFAULT,
                TrainerSettings.DEFAULT,
                PortSettings.DEFAULT);
    }

    /** Whether the broker runs in this JVM. */
    public boolean isEmbedded() {
        return kafka.isEmpty();
    }

    /** The same with ports chosen elsewhere. */
    public RunConfig withPorts(PortSettings chosen) {
        return new RunConfig(streams, data, kafka, flink, trainer, chosen);
    }

    /**
     * A stream.
     *
     * @param contract its contract
     * @param yaml the contract's text, for the trainer's process
     */
    public record Stream(Contract contract, String yaml) {}

    /**
     * The hygiene jobs.
     *
     * @param here whether they run in this process; otherwise somebody else runs them
     * @param parallelism of each job
     * @param checkpointSeconds between checkpoints: exactly once, clean and quarantined records show up that often
     * @param exactlyOnce whether they are delivered exactly once; otherwise at once, and again after a failure
     */
    public record FlinkSettings(boolean here, int parallelism, int checkpointSeconds, boolean exactlyOnce) {
        /** Here, parallelism 2, a checkpoint every two seconds, exactly once. */
        public static final FlinkSettings DEFAULT = new FlinkSettings(true, 2, 2, true);

        public FlinkSettings {
            if (parallelism < 1 || parallelism > 128) {
                throw new IllegalArgumentException("parallelism must lie between 1 and 128, not " + parallelism);
            }
            if (checkpointSeconds < 1 || checkpointSeconds > 3600) {
                throw new IllegalArgumentException(
                        "checkpoint-seconds must lie between 1 and 3600, not " + checkpointSeconds);
            }
        }
    }

    /**
     * The trainers.
     *
     * @param here whether this process spawns and watches them
     * @param memoryMiB heap of each
     * @param keepModels how many models are kept for their age alone; the champion, the one that a roll back goes to, and
     *     the parents of warm starts stay too
     */
    public record TrainerSettings(boolean here, int memoryMiB, int keepModels) {
        /** Here, 1 GiB of heap, the newest 20 models. */
        public static final TrainerSettings DEFAULT = new TrainerSettings(true, 1024, 20);

        public TrainerSettings {
            if (memoryMiB < 128) {
                throw new IllegalArgumentException("memory-mib must be at least 128, not " + memoryMiB);
            }
            if (keepModels < 1) {
                throw new IllegalArgumentException("keep-models must be at least 1, not " + keepModels);
            }
        }
    }

    /**
     * Ports on 127.0.0.1. Empty: the usual one if it is free, else any. 0: any.
     *
     * @param kafka the embedded broker
     * @param desk the first stream's review desk; further streams take any free port
     * @param metrics Flink's metrics
     * @param ledger the first stream's ledger; further streams take any free port
     * @param gateway the HTTP gateway; empty: there is none
     */
    public record PortSettings(
            OptionalInt kafka, OptionalInt desk, OptionalInt metrics, OptionalInt ledger, OptionalInt gateway) {
        /** The usual ones. */
        public static final PortSettings DEFAULT =
                new PortSettings(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

        /** The usual one for the ledger, and no gateway. */
        public PortSettings(OptionalInt kafka, OptionalInt desk, OptionalInt metrics) {
            this(kafka, desk, metrics, OptionalInt.empty(), OptionalInt.empty());
        }

        public PortSettings {
            for (OptionalInt port : List.of(kafka, desk, metrics, ledger, gateway)) {
                if (port.isPresent() && (port.getAsInt() < 0 || port.getAsInt() > 65_535)) {
                    throw new IllegalArgumentException("a port must lie between 0 and 65535, not " + port.getAsInt());
                }
            }
        }
    }
}
