package io.winnow.app.cluster;

import io.winnow.app.Winnow;
import io.winnow.app.kafka.Ports;
import io.winnow.trainer.learn.Devices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a process is started.
 *
 * @param command its command line; nothing secret is on it, for it is for all to see
 * @param environment what is added to this process's
 */
record Launch(List<String> command, Map<String, String> environment) {
    static final int BROKER_HEAP_MIB = 384;
    static final int JOBMANAGER_HEAP_MIB = 256;
    static final int TASKMANAGER_HEAP_MIB = 512;
    static final int DESK_HEAP_MIB = 256;
    static final int LEDGER_HEAP_MIB = 256;
    static final int GATEWAY_HEAP_MIB = 256;
    static final int SUPERVISOR_HEAP_MIB = 192;
    static final int METASPACE_MIB = 160;
    /** Beside network buffers and managed memory: what Flink's RPC, TLS and Kafka's clients use. */
    private static final int DIRECT_MIB = 96;

    private static final Path NOHUP = Path.of("/usr/bin/nohup");
    private static final String CLUSTER = "-Dwinnow.cluster=";
    private static final String ROLE = "-Dwinnow.role=";

    Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** What marks a process of the cluster whose files are in {@code home}. */
    static String clusterMark(Path home) {
        return CLUSTER + home;
    }

    /** What marks a process of this name. */
    static String roleMark(String name) {
        return ROLE + name;
    }

    /** One of the plan's processes. */
    static Launch of(ClusterPlan plan, Role role) {
        return of(
                plan,
                role.name(),
                options(plan, role),
                List.of("role", role.name(), "--data", plan.directory()),
                environment(role));
    }

    /** The process that watches the others. */
    static Launch supervisor(ClusterPlan plan, boolean takeOver) {
        List<String> words = new ArrayList<>(List.of("cluster", "supervise", "--data", plan.directory()));
        if (takeOver) {
            words.add("--take-over");
        }
        return of(plan, RoleProcesses.SUPERVISOR, heap(SUPERVISOR_HEAP_MIB), words, Map.of());
    }

    /** The same, but it does not end with the terminal that it was started from. */
    Launch surviving() {
        if (!Files.isExecutable(NOHUP)) {
            return this;
        }
        List<String> longer = new ArrayList<>(command);
        longer.add(0, NOHUP.toString());
        return new Launch(longer, environment);
    }

    private static Launch of(
            ClusterPlan plan, String name, List<String> options, List<String> words, Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        // First, so that they are found however long the rest is.
        command.add(clusterMark(plan.home()));
        command.add(roleMark(name));
        command.addAll(options);
        // Out of memory is an end: whoever lives on half can neither be trusted nor be started again.
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("--add-opens=java.base/java.util=ALL-UNNAMED");
        command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
        command.add(Winnow.class.getName());
        command.addAll(words);
        Map<String, String> all = new LinkedHashMap<>(environment);
        all.put("CLASSPATH", System.getProperty("java.class.path"));
        return new Launch(command, all);
    }

    private static List<String> options(ClusterPlan plan, Role role) {
        return switch (role.kind()) {
            case BROKER -> heap(BROKER_HEAP_MIB);
            case JOBMANAGER -> heap(JOBMANAGER_HEAP_MIB);
            case TASKMANAGER -> {
                List<String> options = new ArrayList<>(heap(TASKMANAGER_HEAP_MIB));
                options.add("-XX:MaxMetaspaceSize=" + METASPACE_MIB + "m");
                options.add("-XX:MaxDirectMemorySize="
                        + (FlinkSettings.NETWORK_MIB + FlinkSettings.MANAGED_MIB + DIRECT_MIB) + "m");
                yield options;
            }
            case DESK -> heap(DESK_HEAP_MIB);
            case LEDGER -> heap(LEDGER_HEAP_MIB);
            case GATEWAY -> heap(GATEWAY_HEAP_MIB);
            case TRAINER -> heap(plan.trainer().memoryMiB());
        };
    }

    private static List<String> heap(int mib) {
        // Several small processes share few cores: threads that collect garbage in parallel would only be in each
        // other's way.
        return List.of("-Xmx" + mib + "m", "-XX:+UseSerialGC");
    }

    private static Map<String, String> environment(Role role) {
        return role.kind() == Role.Kind.TRAINER ? Devices.environment() : Map.of();
    }

    /** Loopback only, for whoever asks. */
    static String address(int port) {
        return "http://" + Ports.LOOPBACK + ":" + port + "/";
    }
}
