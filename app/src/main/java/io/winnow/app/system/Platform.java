package io.winnow.app.system;

import io.winnow.app.Failure;
import io.winnow.app.config.RunConfig;
import io.winnow.app.flink.FlinkCluster;
import io.winnow.app.home.DataDirectory;
import io.winnow.app.home.RunningState;
import io.winnow.app.home.StreamContracts;
import io.winnow.app.kafka.DiskShare;
import io.winnow.app.kafka.DiskWatch;
import io.winnow.app.kafka.EmbeddedBroker;
import io.winnow.app.kafka.Ports;
import io.winnow.app.kafka.StreamTopicPlan;
import io.winnow.app.kafka.StreamTopicsSetup;
import io.winnow.core.contract.Contract;
import io.winnow.core.topic.StreamTopics;
import io.winnow.hygiene.HygieneConfig;
import io.winnow.hygiene.HygieneJob;
import io.winnow.ingest.http.Gateway;
import io.winnow.ingest.http.GatewayConfig;
import io.winnow.ingest.http.GatewayLimits;
import io.winnow.monitoring.desk.Desk;
import io.winnow.monitoring.desk.DeskConfig;
import io.winnow.monitoring.ledger.live.LedgerConfig;
import io.winnow.monitoring.ledger.live.LedgerService;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;

/**
 * All parts of Winnow on this machine: broker (unless a cluster is configured), topics, hygiene jobs, trainers, desks,
 * ledgers.
 * Closed in the reverse order of their start, so that nothing loses what it stands on.
 */
public final class Platform implements AutoCloseable {
    private static final int PARTITIONS = 2;
    /** The embedded broker's share of the disk. */
    private static final long DISK_BYTES = 10L << 30;

    private static final String BROKER = "the embedded Kafka broker";
    private static final String METRICS = "Flink's metrics";
    private static final String DESK = "the review desk";
    private static final String LEDGER = "the ledger";
    private static final String GATEWAY = "the HTTP gateway";

    private static final int KAFKA_PORT = 9092;
    private static final int METRICS_PORT = 9249;
    private static final int TRAINER_PORT = 9250;
    private static final int DESK_PORT = 8080;
    private static final int LEDGER_PORT = 9251;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Map<String, String> addresses = new LinkedHashMap<>();
    private final DataDirectory data;
    private final Consumer<String> warnings;
    private Map<String, String> kafka = Map.of();
    private int trainers;
    private boolean ledgers;
    private Optional<DiskShare> disk = Optional.empty();
    /** Never completes unless jobs run here. */
    private CompletableFuture<Failure> failure = new CompletableFuture<>();

    private Platform(DataDirectory data, Consumer<String> warnings) {
        this.data = data;
        this.warnings = warnings;
    }

    /**
     * Starts everything; returns when the jobs are submitted and the desks answer.
     *
     * @param seed of everything random
     * @param takeOver whether jobs of these streams that run elsewhere are ended
     * @param warnings takes a line for a person when something needs attention, from any thread
     * @throws Failure if any part cannot start: one line that says why; what had started is stopped again
     */
    public static Platform start(
            RunConfig config, DataDirectory data, long seed, boolean takeOver, Consumer<String> warnings) {
        Platform platform = new Platform(data, warnings);
        try {
            platform.startParts(config, seed, takeOver);
            return platform;
        } catch (RuntimeException e) {
            platform.close();
            throw e;
        }
    }

    /** The same, leaving jobs that run elsewhere alone. */
    public static Platform start(RunConfig config, DataDirectory data, long seed, Consumer<String> warnings) {
        return start(config, data, seed, false, warnings);
    }

    private void startParts(RunConfig config, long seed, boolean takeOver) {
        checkPorts(config.ports());
        if (config.isEmbedded()) {
            int port = port(config.ports().kafka(), KAFKA_PORT, BROKER);
            EmbeddedBroker broker = EmbeddedBroker.start(data.kafka(), port);
            parts.push(broker);
            kafka = broker.clientSettings();
            DiskShare share = new DiskShare(data.kafka(), DISK_BYTES);
            parts.push(DiskWatch.start(share, warnings));
            disk = Optional.of(share);
        } else {
            kafka = config.kafka();
        }
        addresses.put("Kafka", String.valueOf(kafka.get("bootstrap.servers")));
        List<Contract> contracts =
                config.streams().stream().map(RunConfig.Stream::contract).toList();
        StreamTopicsSetup.ensure(
                kafka,
                contracts.stream()
                        .map(c -> StreamTopicPlan.of(StreamTopics.of(c), PARTITIONS, DISK_BYTES / contracts.size()))
                        .toList());
        if (config.flink().here()) {
            startJobs(config, contracts, seed, takeOver);
        }
        for (RunConfig.Stream stream : config.streams()) {
            StreamContracts.keep(data.root(), stream.contract().stream(), stream.yaml());
            startDesk(config, stream.contract());
            startLedger(config, stream.contract());
            if (config.trainer().here() && stream.contract().target().isPresent()) {
                startTrainer(config, stream, seed);
            }
        }
        config.ports().gateway().ifPresent(port -> startGateway(contracts, port));
        RunningState.ofThisProcess(
                        String.valueOf(kafka.get("bootstrap.servers")),
                        contracts.stream().map(Contract::stream).toList(),
                        addresses)
                .write(data.root());
    }

    private void startJobs(RunConfig config, List<Contract> contracts, long seed, boolean takeOver) {
        int metrics = port(config.ports().metrics(), METRICS_PORT, METRICS);
        int parallelism = config.flink().parallelism();
        FlinkCluster flink = FlinkCluster.start(parallelism * contracts.size(), metrics, disk, warnings);
        parts.push(flink);
        failure = flink.failure();
        addresses.put("Flink metrics", "http://" + Ports.LOOPBACK + ":" + metrics + "/metrics");
        for (Contract contract : contracts) {
            HygieneConfig job = new HygieneConfig(
                    contract,
                    kafka,
                    parallelism,
                    Duration.ofSeconds(config.flink().checkpointSeconds()),
                    config.flink().exactlyOnce(),
                    data.checkpoints(contract.stream()),
                    seed);
            try (HygieneJob.Prepared prepared = HygieneJob.prepare(job, takeOver)) {
                JobID id = flink.submit(contract.stream(), prepared.graph());
                addresses.put("job " + contract.stream(), id.toHexString());
            }
        }
    }

    private void startDesk(RunConfig config, Contract contract) {
        boolean first = !addresses.containsKey("review desk");
        int port = first ? port(config.ports().desk(), DESK_PORT, DESK) : 0;
        Desk desk = Desk.start(
                new DeskConfig(contract, kafka, data.desk(contract.stream()), port, data.token(), Duration.ZERO));
        parts.push(desk);
        addresses.put(
                first ? "review desk" : "review desk " + contract.stream(),
                "http://" + Ports.LOOPBACK + ":" + desk.port() + "/");
    }

    private void startLedger(RunConfig config, Contract contract) {
        String stream = contract.stream();
        int port = ledgers ? 0 : port(config.ports().ledger(), LEDGER_PORT, LEDGER);
        ledgers = true;
        LedgerService ledger = LedgerService.start(new LedgerConfig(stream, kafka, data.ledger(stream), port));
        parts.push(ledger);
        ledger.failure().thenAccept(why -> warnings.accept("the ledger of " + stream + " has stopped: " + why));
        addresses.put("ledger " + stream, "http://" + Ports.LOOPBACK + ":" + ledger.port() + "/ledger");
    }

    private void startTrainer(RunConfig config, RunConfig.Stream stream, long seed) {
        // A process that was just spawned has not bound its port yet: each is offered one of its own.
        int port = Ports.preferred(TRAINER_PORT + trainers++, "the trainer's pages");
        parts.push(TrainerProcess.start(
                new TrainerOrder(
                        stream.yaml(),
                        kafka,
                        data.models().toString(),
                        data.logs().toString(),
                        config.trainer().keepModels(),
                        port,
                        data.token(),
                        seed),
                data.logs(),
                config.trainer().memoryMiB(),
                warnings));
        addresses.put("models " + stream.contract().stream(), "http://" + Ports.LOOPBACK + ":" + port + "/models");
    }

    private void startGateway(List<Contract> contracts, int port) {
        Gateway gateway = Gateway.start(new GatewayConfig(
                contracts.stream().collect(Collectors.toMap(Contract::stream, Optional::of)),
                kafka,
                data.token(),
                Ports.free(port, GATEWAY),
                GatewayLimits.DEFAULT));
        parts.push(gateway);
        gateway.takenOver()
                .thenAccept(stream -> warnings.accept("another gateway has taken over stream " + stream
                        + ": this one refuses its records from now on"));
        addresses.put("HTTP gateway", "http://" + Ports.LOOPBACK + ":" + gateway.port() + "/");
    }

    /** A port that is taken is told before the first part starts, not half a minute later by the last one. */
    private static void checkPorts(RunConfig.PortSettings ports) {
        ports.kafka().ifPresent(port -> Ports.free(port, BROKER));
        ports.metrics().ifPresent(port -> Ports.free(port, METRICS));
        ports.desk().ifPresent(port -> Ports.free(port, DESK));
        ports.ledger().ifPresent(port -> Ports.free(port, LEDGER));
        ports.gateway().ifPresent(port -> Ports.free(port, GATEWAY));
    }

    private static int port(OptionalInt wanted, int usual, String what) {
        return wanted.isPresent() ? Ports.free(wanted.getAsInt(), what) : Ports.preferred(usual, what);
    }

    /** Completes when a part has failed that cannot be started again by itself: time to stop, and to say why. */
    public CompletableFuture<Failure> failure() {
        return failure;
    }

    /** Client settings that reach Kafka. */
    public Map<String, String> kafka() {
        return kafka;
    }

    /** What listens where: a name for a person to an address. */
    public Map<String, String> addresses() {
        return Map.copyOf(addresses);
    }

    /** Stops everything in order. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                org.slf4j.LoggerFactory.getLogger(Platform.class).warn("while stopping: {}", e.toString());
            }
        }
        RunningState.clear(data.root());
    }
}
