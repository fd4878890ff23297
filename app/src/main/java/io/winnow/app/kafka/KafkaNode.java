package io.winnow.app.kafka;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/**
 * A Kafka broker that is also a KRaft controller, on 127.0.0.1.
 *
 * @param id its number, from 1 on
 * @param cluster the id that all nodes of the cluster share
 * @param directory its own log
 * @param port for clients and the other brokers
 * @param controllerPorts of all nodes, this one's included, in the order of their numbers: one, or three
 */
public record KafkaNode(int id, String cluster, Path directory, int port, List<Integer> controllerPorts) {
    public KafkaNode {
        controllerPorts = List.copyOf(controllerPorts);
        if (controllerPorts.size() != 1 && controllerPorts.size() != 3) {
            throw new IllegalArgumentException("a Kafka cluster has 1 or 3 nodes here, not " + controllerPorts.size());
        }
        if (id < 1 || id > controllerPorts.size()) {
            throw new IllegalArgumentException("there is no node " + id + " among " + controllerPorts.size());
        }
    }

    /** A cluster of one. */
    static KafkaNode alone(Path directory, int port, int controllerPort) {
        return new KafkaNode(1, Uuid.randomUuid().toString(), directory, port, List.of(controllerPort));
    }

    /** How many copies of each record there are. */
    int replicas() {
        return controllerPorts.size();
    }

    /** How many of them must have a record before it is acknowledged: with three, one may be away. */
    int minInSync() {
        return (replicas() + 1) / 2;
    }

    private String voters() {
        return IntStream.range(0, controllerPorts.size())
                .mapToObj(i -> (i + 1) + "@" + Ports.LOOPBACK + ":" + controllerPorts.get(i))
                .collect(Collectors.joining(","));
    }

    /** The broker's settings. */
    public Map<String, String> settings() {
        return Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "" + id),
                Map.entry("controller.quorum.voters", voters()),
                Map.entry(
                        "listeners",
                        "CLIENTS://" + Ports.LOOPBACK + ":" + port + ",CONTROLLER://" + Ports.LOOPBACK + ":"
                                + controllerPorts.get(id - 1)),
                Map.entry("advertised.listeners", "CLIENTS://" + Ports.LOOPBACK + ":" + port),
                Map.entry("listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("inter.broker.listener.name", "CLIENTS"),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("log.dirs", directory.toString()),
                Map.entry("default.replication.factor", "" + replicas()),
                Map.entry("min.insync.replicas", "" + minInSync()),
                // Few partitions of the internal topics make a fast start.
                Map.entry("offsets.topic.replication.factor", "" + replicas()),
                Map.entry("offsets.topic.num.partitions", "4"),
                Map.entry("transaction.state.log.replication.factor", "" + replicas()),
                Map.entry("transaction.state.log.min.isr", "" + minInSync()),
                Map.entry("transaction.state.log.num.partitions", "4"),
                Map.entry("share.coordinator.state.topic.replication.factor", "" + replicas()),
                Map.entry("share.coordinator.state.topic.min.isr", "" + minInSync()),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("transaction.max.timeout.ms", "" + EmbeddedBroker.TRANSACTION_TIMEOUT_MS),
                // A group that a laptop's owner left alone over the holidays still knows where it was.
                Map.entry("offsets.retention.minutes", "" + TimeUnit.DAYS.toMinutes(90)),
                Map.entry("message.max.bytes", "" + (EmbeddedBroker.RAW_MESSAGE_BYTES + StreamTopicPlan.HEADER_ROOM)),
                Map.entry("log.segment.bytes", "" + (64 << 20)),
                Map.entry("log.index.size.max.bytes", "" + (1 << 20)),
                Map.entry("log.retention.check.interval.ms", "30000"),
                Map.entry("log.cleaner.dedupe.buffer.size", "" + (8 << 20)),
                Map.entry("num.network.threads", "2"),
                Map.entry("num.io.threads", "4"),
                Map.entry("background.threads", "2"),
                Map.entry("controlled.shutdown.enable", "true"));
    }
}
