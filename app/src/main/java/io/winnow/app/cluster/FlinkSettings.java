package io.winnow.app.cluster;

import io.winnow.app.kafka.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;

/**
 * Flink's settings as {@code config.yaml} takes them. Everything binds to 127.0.0.1, and whoever connects, to the REST
 * interface as to any other, must show the cluster's own certificate.
 */
final class FlinkSettings {
    /** Of a TaskManager's heap Flink wants to know what is for itself. */
    private static final int FRAMEWORK_MIB = 64;

    static final int NETWORK_MIB = 32;
    static final int MANAGED_MIB = 8;

    private FlinkSettings() {}

    /** The JobManager's. */
    static Map<String, String> jobManager(ClusterPlan plan, ClusterKeys keys) {
        Map<String, String> c = common(plan, keys);
        c.put("rest.bind-address", Ports.LOOPBACK);
        c.put("rest.bind-port", "" + plan.flink().rest());
        c.put("blob.server.port", "" + plan.flink().blob());
        // Jobs come as graphs of classes that are here already: nobody needs to bring a jar.
        c.put("web.submit.enable", "false");
        c.put("web.cancel.enable", "false");
        c.put("jobmanager.memory.enable-jvm-direct-memory-limit", "false");
        c.put("taskmanager.load-balance.mode", "SLOTS");
        c.put("metrics.reporter.winnow.port", "" + plan.flink().metrics());
        return c;
    }

    /** A TaskManager's. */
    static Map<String, String> taskManager(ClusterPlan plan, ClusterKeys keys, Role role) {
        Map<String, String> c = common(plan, keys);
        c.put("taskmanager.host", Ports.LOOPBACK);
        c.put("taskmanager.resource-id", role.name());
        c.put("taskmanager.numberOfTaskSlots", "" + plan.flink().slots());
        c.put("taskmanager.cpu.cores", "1.0");
        c.put("taskmanager.memory.framework.heap.size", FRAMEWORK_MIB + "m");
        c.put("taskmanager.memory.framework.off-heap.size", FRAMEWORK_MIB + "m");
        c.put("taskmanager.memory.task.heap.size", (Launch.TASKMANAGER_HEAP_MIB - FRAMEWORK_MIB) + "m");
        c.put("taskmanager.memory.task.off-heap.size", "0m");
        c.put("taskmanager.memory.network.min", NETWORK_MIB + "m");
        c.put("taskmanager.memory.network.max", NETWORK_MIB + "m");
        c.put("taskmanager.memory.managed.size", MANAGED_MIB + "m");
        c.put("taskmanager.memory.jvm-metaspace.size", Launch.METASPACE_MIB + "m");
        c.put("taskmanager.memory.jvm-overhead.min", "64m");
        c.put("taskmanager.memory.jvm-overhead.max", "64m");
        c.put("metrics.reporter.winnow.port", "" + plan.port(role));
        return c;
    }

    /** A client's, for the REST interface. */
    static Configuration client(ClusterPlan plan, ClusterKeys keys) {
        Configuration c = Configuration.fromMap(common(plan, keys));
        c.setString("rest.retry.max-attempts", "1");
        c.setString("rest.retry.delay", "100 ms");
        c.setString("rest.connection-timeout", Duration.ofSeconds(5).toMillis() + " ms");
        c.setString("rest.await-leader-timeout", "2 s");
        return c;
    }

    /** As YAML, one quoted value a line. */
    static String yaml(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(e -> e.getKey() + ": '" + e.getValue().replace("'", "''") + "'\n")
                .collect(Collectors.joining());
    }

    private static Map<String, String> common(ClusterPlan plan, ClusterKeys keys) {
        Map<String, String> c = new TreeMap<>();
        c.put("jobmanager.rpc.address", Ports.LOOPBACK);
        c.put("jobmanager.rpc.port", "" + plan.flink().rpc());
        c.put("jobmanager.bind-host", Ports.LOOPBACK);
        c.put("taskmanager.bind-host", Ports.LOOPBACK);
        c.put("rest.address", Ports.LOOPBACK);
        c.put("rest.port", "" + plan.flink().rest());
        Path work = plan.home().resolve("work");
        c.put("io.tmp.dirs", work.resolve("tmp").toString());
        c.put("process.working-dir", work.resolve("flink").toString());
        // A process that was killed is missed within seconds; one that stands still for a while is not given up.
        c.put("heartbeat.interval", "1 s");
        c.put("heartbeat.timeout", "12 s");
        c.put(
                "metrics.reporter.winnow.factory.class",
                "org.apache.flink.metrics.prometheus.LoopbackPrometheusReporterFactory");
        c.put("metrics.reporter.winnow.filterLabelValueCharacters", "false");
        for (String side : new String[] {"internal", "rest"}) {
            String at = "security.ssl." + side + ".";
            c.put(at + "enabled", "true");
            c.put(at + "keystore", keys.store().toString());
            c.put(at + "keystore-password", keys.password());
            c.put(at + "key-password", keys.password());
            c.put(at + "truststore", keys.store().toString());
            c.put(at + "truststore-password", keys.password());
        }
        c.put("security.ssl.rest.authentication-enabled", "true");
        return c;
    }
}
