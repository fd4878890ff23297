package io.winnow.app.cluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.winnow.app.cluster.Role.Kind;
import io.winnow.app.kafka.KafkaNode;
import io.winnow.app.kafka.Ports;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * All that the processes of a cluster need to know; written down once, so that a process that is started again finds the
 * ports that the others know.
 *
 * @param directory the data directory, absolute
 * @param kafkaId the Kafka cluster's id
 * @param brokers their ports: one, or three
 * @param flink Flink's ports and slots
 * @param streams at least one
 * @param gatewayPort where records come in over HTTP; 0 where there is no gateway
 * @param job how each stream's job runs
 * @param trainer how each trainer runs
 * @param seed of everything random
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClusterPlan(
        String directory,
        String kafkaId,
        List<Broker> brokers,
        Flink flink,
        List<Stream> streams,
        int gatewayPort,
        Job job,
        Trainer trainer,
        long seed) {
    public ClusterPlan {
        brokers = List.copyOf(brokers);
        streams = List.copyOf(streams);
        if (brokers.size() != 1 && brokers.size() != 3) {
            throw new IllegalArgumentException("a cluster has 1 or 3 brokers, not " + brokers.size());
        }
        if (streams.isEmpty()) {
            throw new IllegalArgumentException("a cluster needs at least one stream");
        }
    }

    /** A broker's ports: for clients, and for the controllers among themselves. */
    public record Broker(int clients, int controller) {}

    /**
     * Flink's ports and slots.
     *
     * @param rpc of the JobManager
     * @param blob of the JobManager
     * @param rest of the JobManager, with TLS and a client's certificate
     * @param metrics of the JobManager
     * @param taskManagerMetrics of each TaskManager; as many as there are TaskManagers
     * @param slots of each TaskManager: enough for all jobs, so that they go on while the others are away, and to grow
     */
    public record Flink(int rpc, int blob, int rest, int metrics, List<Integer> taskManagerMetrics, int slots) {
        public Flink {
            taskManagerMetrics = List.copyOf(taskManagerMetrics);
            if (taskManagerMetrics.isEmpty() || taskManagerMetrics.size() > 64) {
                throw new IllegalArgumentException(
                        "a cluster has 1 to 64 TaskManagers, not " + taskManagerMetrics.size());
            }
        }
    }

    /**
     * A stream.
     *
     * @param yaml its contract's text
     * @param desk port of its review desk
     * @param ledger port of its ledger; 0 where there is none
     * @param trainer port of its trainer; 0 where there is none
     */
    public record Stream(String yaml, int desk, int ledger, int trainer) {
        /** The contract. */
        public Contract contract() {
            return ContractReader.parse(yaml, "the contract");
        }
    }

    /**
     * How jobs run.
     *
     * @param parallelism of each
     * @param checkpointMillis between checkpoints
     * @param exactlyOnce whether output is transactional
     */
    public record Job(int parallelism, int checkpointMillis, boolean exactlyOnce) {}

    /**
     * How trainers run.
     *
     * @param memoryMiB heap of each
     * @param keepModels how many models are kept for their age alone
     */
    public record Trainer(int memoryMiB, int keepModels) {}

    /** Where plan, state, pids and logs lie. */
    public Path home() {
        return home(Path.of(directory));
    }

    /** Where plan, state, pids and logs of a data directory's cluster lie. */
    public static Path home(Path data) {
        return data.toAbsolutePath().normalize().resolve("cluster");
    }

    /** Every process, in the order of starting. */
    public List<Role> roles() {
        List<Role> roles = new ArrayList<>();
        add(roles, Kind.BROKER, brokers.size());
        add(roles, Kind.JOBMANAGER, 1);
        add(roles, Kind.TASKMANAGER, flink.taskManagerMetrics().size());
        add(roles, Kind.DESK, streams.size());
        add(roles, Kind.LEDGER, streams.size());
        add(roles, Kind.GATEWAY, 1);
        add(roles, Kind.TRAINER, streams.size());
        roles.removeIf(role -> port(role) == 0);
        return roles;
    }

    private static void add(List<Role> roles, Kind kind, int count) {
        for (int i = 0; i < count; i++) {
            roles.add(new Role(kind, i));
        }
    }

    /** Where a process answers once it is up; 0 if there is no such process. */
    public int port(Role role) {
        int i = role.index();
        return switch (role.kind()) {
            case BROKER -> brokers.get(i).clients();
            case JOBMANAGER -> flink.rest();
            case TASKMANAGER -> flink.taskManagerMetrics().get(i);
            case DESK -> streams.get(i).desk();
            case LEDGER -> streams.get(i).ledger();
            case GATEWAY -> gatewayPort;
            case TRAINER -> streams.get(i).trainer();
        };
    }

    /** Client settings that reach Kafka. */
    public Map<String, String> kafka() {
        return Map.of(
                "bootstrap.servers",
                brokers.stream().map(b -> Ports.LOOPBACK + ":" + b.clients()).collect(Collectors.joining(",")));
    }

    /** One of the brokers. */
    KafkaNode node(int index) {
        return new KafkaNode(
                index + 1,
                kafkaId,
                Path.of(directory, "brokers", "" + (index + 1)),
                brokers.get(index).clients(),
                brokers.stream().map(Broker::controller).toList());
    }

    /** Where checkpoints of a stream's job lie. */
    Path checkpoints(Stream stream) {
        return Path.of(directory, "checkpoints", stream.contract().stream());
    }

    /** The same with another parallelism. */
    ClusterPlan at(int parallelism) {
        return new ClusterPlan(
                directory,
                kafkaId,
                brokers,
                flink,
                streams,
                gatewayPort,
                new Job(parallelism, job.checkpointMillis(), job.exactlyOnce()),
                trainer,
                seed);
    }
}
