package io.winnow.app.cluster;

import io.winnow.app.Failure;
import io.winnow.app.cluster.ClusterState.Phase;
import io.winnow.app.home.DataDirectory;
import io.winnow.app.home.RunningState;
import io.winnow.app.home.StreamContracts;
import io.winnow.app.kafka.StreamTopicPlan;
import io.winnow.app.kafka.StreamTopicsSetup;
import io.winnow.core.topic.StreamTopics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole Winnow as real processes on this machine, watched from here: a process that dies is started again, a job that is
 * gone is submitted again. Everything listens on 127.0.0.1; plan, state, pids and logs lie in {@code DATA/cluster}.
 */
public final class LocalCluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalCluster.class);
    private static final int PARTITIONS = 2;
    private static final long DISK_BYTES = 10L << 30;
    private static final long LOOK_EVERY_MS = 200;
    private static final long UP_S = 180;

    private final ClusterPlan plan;
    private final DataDirectory data;
    private final Consumer<String> warnings;
    private final List<RoleKeeper> keepers = new ArrayList<>();
    private final JobManagerClient jobManager;
    private final JobKeeper jobs;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "role-keeper");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Phase phase = Phase.STARTING;
    private @Nullable ClusterState written;

    private LocalCluster(
            ClusterPlan plan, DataDirectory data, ClusterKeys keys, boolean takeOver, Consumer<String> warnings) {
        this.plan = plan;
        this.data = data;
        this.warnings = warnings;
        jobManager = new JobManagerClient(plan, keys);
        jobs = new JobKeeper(plan, jobManager, takeOver);
    }

    /**
     * Starts all processes and returns when each answers and every job runs.
     *
     * @param takeOver whether jobs of these streams that run elsewhere are ended
     * @param warnings takes a line for a person when something needs attention, from any thread
     * @throws Failure if that is not to be had: one line that says why; nothing runs then
     */
    public static LocalCluster up(ClusterOrder order, boolean takeOver, Consumer<String> warnings) {
        return up(prepare(order), takeOver, warnings);
    }

    /**
     * The plan of what is asked for, written down.
     *
     * @throws Failure if the data directory holds something else, processes of an earlier cluster run there, or a port is
     *     taken
     */
    static ClusterPlan prepare(ClusterOrder order) {
        Path home = ClusterPlan.home(order.directory());
        if (Files.isDirectory(order.directory().resolve("kafka"))) {
            throw new Failure(order.directory() + " holds the data of 'winnow run', which a cluster cannot go on with;"
                    + " give another --data directory");
        }
        ClusterControl.refuseProcesses(order.directory());
        Optional<ClusterPlan> before = ClusterFiles.plan(home);
        before.filter(p -> p.brokers().size() != order.brokers()).ifPresent(p -> {
            throw new Failure("the cluster in " + order.directory() + " was made with "
                    + p.brokers().size() + " brokers; start it with --brokers "
                    + p.brokers().size() + ", or give another --data directory");
        });
        ClusterPlan plan = order.plan(before.map(ClusterPlan::kafkaId).orElse(null));
        ClusterFiles.makeDirectory(order.directory());
        ClusterFiles.makeDirectory(home);
        ClusterFiles.clearState(home);
        ClusterFiles.write(home, plan);
        return plan;
    }

    /**
     * Starts the processes of a plan that was written down; else as {@link #up(ClusterOrder, boolean, Consumer)}.
     *
     * @throws Failure if they do not come up
     */
    static LocalCluster up(ClusterPlan plan, boolean takeOver, Consumer<String> warnings) {
        DataDirectory data = DataDirectory.open(Path.of(plan.directory()));
        LocalCluster cluster;
        try {
            ClusterKeys keys = ClusterKeys.in(plan.home());
            writeSettings(plan, keys);
            data.token();
            plan.streams().forEach(s -> StreamContracts.keep(data.root(), s.contract().stream(), s.yaml()));
            cluster = new LocalCluster(plan, data, keys, takeOver, warnings);
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
        try {
            cluster.start();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private static void writeSettings(ClusterPlan plan, ClusterKeys keys) {
        ClusterFiles.makeDirectory(plan.home().resolve("work").resolve("tmp"));
        for (Role role : plan.roles()) {
            Map<String, String> settings = switch (role.kind()) {
                case JOBMANAGER -> FlinkSettings.jobManager(plan, keys);
                case TASKMANAGER -> FlinkSettings.taskManager(plan, keys, role);
                default -> Map.of();
            };
            if (!settings.isEmpty()) {
                Path directory = flinkSettings(plan, role);
                ClusterFiles.makeDirectory(directory);
                ClusterFiles.writeText(directory.resolve("config.yaml"), FlinkSettings.yaml(settings));
            }
        }
    }

    /** Where a Flink process finds its settings. */
    static Path flinkSettings(ClusterPlan plan, Role role) {
        return plan.home().resolve("flink").resolve(role.name());
    }

    private void start() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(UP_S);
        watch.scheduleWithFixedDelay(this::lookQuietly, 0, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
        tend(Role.Kind.BROKER::equals);
        await("Kafka", deadline, s -> s.roles().stream().allMatch(r -> r.state() == ClusterState.RoleState.UP));
        ensureTopics(deadline);
        tend(kind -> kind != Role.Kind.BROKER);
        jobs.start();
        await("everything", deadline, ClusterState::isWhole);
        phase = Phase.UP;
        RunningState.ofThisProcess(
                        String.valueOf(plan.kafka().get("bootstrap.servers")),
                        plan.streams().stream().map(s -> s.contract().stream()).toList(),
                        addresses())
                .write(data.root());
        look();
    }

    private void ensureTopics(long deadline) {
        List<StreamTopicPlan> topics = plan.streams().stream()
                .map(s -> StreamTopicPlan.of(
                        StreamTopics.of(s.contract()),
                        PARTITIONS,
                        DISK_BYTES / plan.streams().size()))
                .toList();
        while (true) {
            try {
                StreamTopicsSetup.ensure(plan.kafka(), topics);
                return;
            } catch (Failure e) {
                // Brokers that have just found each other refuse a topic until enough of them are known.
                if (System.nanoTime() > deadline || hopeless().isPresent()) {
                    throw e;
                }
                pause();
            }
        }
    }

    private synchronized void tend(Predicate<Role.Kind> kinds) {
        plan.roles().stream()
                .filter(role -> kinds.test(role.kind()))
                .forEach(role -> keepers.add(new RoleKeeper(plan, role)));
    }

    private void lookQuietly() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.error("while looking after the processes", e);
        }
    }

    private synchronized void look() {
        if (phase == Phase.STOPPING) {
            return;
        }
        for (RoleKeeper keeper : keepers) {
            keeper.look();
            if (phase == Phase.UP) {
                keeper.complaint().ifPresent(line -> warnings.accept("warning: " + line));
            }
        }
        write();
    }

    private void write() {
        ClusterState state = state();
        if (!state.equals(written)) {
            ClusterFiles.write(plan.home(), state);
            written = state;
        }
    }

    /** How the cluster does. */
    public synchronized ClusterState state() {
        return new ClusterState(
                phase,
                ProcessHandle.current().pid(),
                String.valueOf(plan.kafka().get("bootstrap.servers")),
                keepers.stream().map(RoleKeeper::status).toList(),
                jobs.statuses());
    }

    private synchronized Optional<String> hopeless() {
        return keepers.stream().flatMap(k -> k.hopeless().stream()).findFirst();
    }

    private void await(String what, long deadline, Predicate<ClusterState> condition) {
        while (!condition.test(state())) {
            hopeless().ifPresent(line -> {
                throw new Failure("the cluster does not come up: " + line);
            });
            if (System.nanoTime() > deadline) {
                throw new Failure("the cluster does not come up: after " + UP_S + " s " + what + " is not there ("
                        + missing(state()) + "); the logs in " + plan.home() + " say more");
            }
            pause();
        }
    }

    private static String missing(ClusterState state) {
        List<String> missing = new ArrayList<>();
        state.roles().stream()
                .filter(r -> r.state() != ClusterState.RoleState.UP)
                .forEach(r -> missing.add(r.role() + " is " + r.state()));
        state.jobs().stream()
                .filter(j -> !j.state().equals(ClusterState.JobStatus.RUNNING))
                .forEach(j -> missing.add("the job of " + j.stream() + " is " + j.state()));
        return String.join(", ", missing);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted while the cluster started", e);
        }
    }

    /**
     * Waits until the cluster is as wanted.
     *
     * @throws Failure if it is not in time
     */
    public void await(Predicate<ClusterState> condition, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.test(state())) {
            if (System.nanoTime() > deadline) {
                throw new Failure("the cluster is not as wanted after " + patience + ": " + missing(state()));
            }
            pause();
        }
    }

    /** What it was started with. */
    public ClusterPlan plan() {
        return plan;
    }

    /** Client settings that reach its Kafka. */
    public Map<String, String> kafka() {
        return plan.kafka();
    }

    /** The bearer token of every POST. */
    public String token() {
        return data.token();
    }

    /** The process of a role, if one lives. */
    public synchronized Optional<ProcessHandle> process(Role role) {
        return keepers.stream().filter(k -> k.role().equals(role)).findFirst().flatMap(RoleKeeper::handle);
    }

    /**
     * SIGKILL. Returns when the process is gone and the state says so.
     *
     * @throws Failure if there is no such process
     */
    public void kill(Role role) {
        ProcessHandle process = process(role).orElseThrow(() -> new Failure(role + " does not run"));
        RoleProcesses.kill(List.of(process));
        look();
    }

    private Map<String, String> addresses() {
        Map<String, String> addresses = new LinkedHashMap<>();
        addresses.put("Kafka", String.valueOf(plan.kafka().get("bootstrap.servers")));
        for (int i = 0; i < plan.streams().size(); i++) {
            ClusterPlan.Stream stream = plan.streams().get(i);
            String name = stream.contract().stream();
            addresses.put(i == 0 ? "review desk" : "review desk " + name, Launch.address(stream.desk()));
            if (stream.trainer() != 0) {
                addresses.put("models " + name, Launch.address(stream.trainer()) + "models");
            }
            if (stream.ledger() != 0) {
                addresses.put("ledger " + name, Launch.address(stream.ledger()) + "ledger");
            }
        }
        if (plan.gatewayPort() != 0) {
            addresses.put("HTTP gateway", Launch.address(plan.gatewayPort()));
        }
        List<Integer> metrics = plan.flink().taskManagerMetrics();
        for (int i = 0; i < metrics.size(); i++) {
            addresses.put(
                    i == 0 ? "Flink metrics" : "Flink metrics " + (i + 1), Launch.address(metrics.get(i)) + "metrics");
        }
        return addresses;
    }

    /** Stops everything in order; no process is left. */
    @Override
    public void close() {
        synchronized (this) {
            phase = Phase.STOPPING;
            write();
        }
        watch.shutdownNow();
        jobs.close();
        jobManager.close();
        ClusterStop.stop(plan.home());
        RunningState.clear(data.root());
        ClusterFiles.clearState(plan.home());
        data.close();
    }
}
