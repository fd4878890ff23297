package io.winnow.app.cluster;

import io.winnow.app.Failure;
import io.winnow.app.config.RunConfig;
import io.winnow.app.config.RunConfig.PortSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks for.
 *
 * @param config streams, job, trainer and ports; without {@code kafka}, for a cluster brings its own
 * @param directory the data directory
 * @param brokers 1 or 3
 * @param taskManagers at least 1
 * @param extras which of gateway, ledgers and trainers shall run beside brokers, Flink and desks
 * @param seed of everything random
 */
public record ClusterOrder(
        RunConfig config, Path directory, int brokers, int taskManagers, Set<Role.Kind> extras, long seed) {
    private static final int LEAST_SLOTS = 4;
    private static final int KAFKA_PORT = 9092;
    private static final int METRICS_PORT = 9249;
    private static final int TRAINER_PORT = 9250;
    private static final int DESK_PORT = 8080;
    private static final int FLINK_PORT = 8081;
    private static final int GATEWAY_PORT = 8090;
    private static final int LEDGER_PORT = 9251;

    /** What can run beside brokers, Flink and desks. */
    public static final Set<Role.Kind> ALL_EXTRAS = Set.of(Role.Kind.GATEWAY, Role.Kind.LEDGER, Role.Kind.TRAINER);

    public ClusterOrder {
        extras = Set.copyOf(extras);
        directory = directory.toAbsolutePath().normalize();
        if (!config.isEmbedded()) {
            throw new Failure("a cluster brings its own brokers; leave 'kafka' out of the configuration, or use"
                    + " 'winnow run', which takes a Kafka that is there");
        }
        if (!config.flink().here()) {
            throw new Failure("a cluster runs the hygiene jobs itself; leave 'flink.here' out of the configuration");
        }
        if (brokers != 1 && brokers != 3) {
            throw new Failure("--brokers must be 1 or 3, not " + brokers);
        }
        if (taskManagers < 1 || taskManagers > 64) {
            throw new Failure("--taskmanagers must lie between 1 and 64, not " + taskManagers);
        }
    }

    /**
     * The plan, with ports that are free now.
     *
     * @param kafkaId the id of the Kafka cluster whose logs are there; null if there are none
     * @throws Failure if a port that the configuration names is taken
     */
    ClusterPlan plan(@Nullable String kafkaId) {
        PortBook ports = new PortBook();
        PortSettings wanted = config.ports();
        List<ClusterPlan.Broker> nodes = IntStream.range(0, brokers)
                .mapToObj(i -> new ClusterPlan.Broker(
                        ports.take(first(i, wanted.kafka()), KAFKA_PORT, "Kafka"), ports.any("Kafka's controller")))
                .toList();
        ClusterPlan.Flink flink = new ClusterPlan.Flink(
                ports.any("Flink's JobManager"),
                ports.any("Flink's JobManager"),
                ports.take(OptionalInt.empty(), FLINK_PORT, "Flink's REST interface"),
                ports.any("Flink's metrics"),
                IntStream.range(0, taskManagers)
                        .mapToObj(i -> ports.take(first(i, wanted.metrics()), METRICS_PORT, "Flink's metrics"))
                        .toList(),
                Math.max(LEAST_SLOTS, config.flink().parallelism())
                        * config.streams().size());
        List<ClusterPlan.Stream> streams = IntStream.range(0, config.streams().size())
                .mapToObj(i -> stream(i, ports))
                .toList();
        return new ClusterPlan(
                directory.toString(),
                kafkaId == null ? Uuid.randomUuid().toString() : kafkaId,
                nodes,
                flink,
                streams,
                extras.contains(Role.Kind.GATEWAY) ? ports.take(wanted.gateway(), GATEWAY_PORT, "the HTTP gateway") : 0,
                new ClusterPlan.Job(
                        config.flink().parallelism(),
                        1_000 * config.flink().checkpointSeconds(),
                        config.flink().exactlyOnce()),
                new ClusterPlan.Trainer(
                        config.trainer().memoryMiB(), config.trainer().keepModels()),
                seed);
    }

    private ClusterPlan.Stream stream(int i, PortBook ports) {
        RunConfig.Stream stream = config.streams().get(i);
        boolean trains =
                config.trainer().here() && stream.contract().target().isPresent() && extras.contains(Role.Kind.TRAINER);
        return new ClusterPlan.Stream(
                stream.yaml(),
                ports.take(first(i, config.ports().desk()), DESK_PORT, "the review desk"),
                extras.contains(Role.Kind.LEDGER)
                        ? ports.take(first(i, config.ports().ledger()), LEDGER_PORT, "the ledger")
                        : 0,
                trains ? ports.take(OptionalInt.empty(), TRAINER_PORT + i, "the trainer's pages") : 0);
    }

    /** A port that somebody chose is the first one's of its kind. */
    private static OptionalInt first(int index, OptionalInt wanted) {
        return index == 0 ? wanted : OptionalInt.empty();
    }
}
