package io.winnow.app.cluster;

import io.winnow.app.Failure;
import io.winnow.app.home.Logs;
import io.winnow.app.kafka.EmbeddedBroker;
import io.winnow.core.contract.Contract;
import io.winnow.core.row.Quote;
import io.winnow.ingest.http.Gateway;
import io.winnow.ingest.http.GatewayConfig;
import io.winnow.ingest.http.GatewayLimits;
import io.winnow.monitoring.desk.Desk;
import io.winnow.monitoring.desk.DeskConfig;
import io.winnow.monitoring.ledger.live.LedgerConfig;
import io.winnow.monitoring.ledger.live.LedgerService;
import io.winnow.trainer.TrainerConfig;
import io.winnow.trainer.TrainerService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;

/** What runs inside a process of a cluster. */
public final class RoleMain {
    private RoleMain() {}

    /**
     * A role that runs here.
     *
     * @param part what to close at the end
     * @param failure completes when it cannot go on, so that its process had better end
     */
    public record Running(AutoCloseable part, CompletableFuture<Failure> failure) {}

    /**
     * Starts a role in this process. Flink's two end the process by themselves, so that this does not return for them; what
     * it returns for the others is to be closed at the end.
     *
     * @param data the data directory
     * @throws Failure if there is no such role, or it cannot start
     */
    public static Running start(Path data, String name) throws IOException {
        Role role = Role.of(name);
        Path home = ClusterPlan.home(data);
        ClusterPlan plan = ClusterFiles.plan(home)
                .filter(p -> p.roles().contains(role))
                .orElseThrow(() -> new Failure("no cluster on " + data + " has a " + role
                        + "; 'winnow cluster up' starts one with all that it needs"));
        Logs.toFile(home, name);
        return switch (role.kind()) {
            case BROKER -> running(EmbeddedBroker.start(plan.node(role.index())));
            case JOBMANAGER -> {
                StandaloneSessionClusterEntrypoint.main(flinkArguments(plan, role));
                yield running(() -> {});
            }
            case TASKMANAGER -> {
                try {
                    TaskManagerRunner.main(flinkArguments(plan, role));
                } catch (Exception e) {
                    throw new Failure("the TaskManager did not start: " + e.getMessage(), e);
                }
                yield running(() -> {});
            }
            case DESK -> running(desk(plan, plan.streams().get(role.index())));
            case TRAINER -> trainer(plan, plan.streams().get(role.index()));
            case LEDGER -> ledger(plan, role);
            case GATEWAY -> gateway(plan);
        };
    }

    private static String[] flinkArguments(ClusterPlan plan, Role role) {
        return new String[] {
            "--configDir", LocalCluster.flinkSettings(plan, role).toString()
        };
    }

    private static Running running(AutoCloseable part) {
        return new Running(part, new CompletableFuture<>());
    }

    private static Desk desk(ClusterPlan plan, ClusterPlan.Stream stream) throws IOException {
        Contract contract = stream.contract();
        return Desk.start(new DeskConfig(
                contract,
                plan.kafka(),
                Path.of(plan.directory(), "desk", contract.stream()),
                stream.desk(),
                token(plan),
                Duration.ZERO));
    }

    private static Running trainer(ClusterPlan plan, ClusterPlan.Stream stream) throws IOException {
        TrainerService service = TrainerService.start(new TrainerConfig(
                stream.contract(),
                stream.yaml(),
                plan.kafka(),
                Path.of(plan.directory(), "models"),
                plan.trainer().keepModels(),
                stream.trainer(),
                token(plan),
                plan.seed()));
        CompletableFuture<Failure> failure = new CompletableFuture<>();
        Thread end = new Thread(() -> failure.complete(end(service)), "trainer-end");
        end.setDaemon(true);
        end.start();
        return new Running(service, failure);
    }

    private static Failure end(TrainerService service) {
        try {
            service.awaitEnd();
            return new Failure("the trainer ended");
        } catch (IOException e) {
            return new Failure(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Failure("interrupted", e);
        }
    }

    private static Running ledger(ClusterPlan plan, Role role) {
        String stream = plan.streams().get(role.index()).contract().stream();
        LedgerService ledger = LedgerService.start(
                new LedgerConfig(stream, plan.kafka(), Path.of(plan.directory(), "ledger", stream), plan.port(role)));
        return new Running(ledger, ledger.failure().thenApply(Failure::new));
    }

    private static Running gateway(ClusterPlan plan) throws IOException {
        Map<String, Optional<Contract>> streams = new LinkedHashMap<>();
        plan.streams().forEach(s -> streams.put(s.contract().stream(), Optional.of(s.contract())));
        Gateway gateway = Gateway.start(
                new GatewayConfig(streams, plan.kafka(), token(plan), plan.gatewayPort(), GatewayLimits.DEFAULT));
        return new Running(
                gateway,
                gateway.takenOver()
                        .thenApply(stream -> new Failure("another gateway has taken over stream " + Quote.of(stream))));
    }

    /** The data directory is held by the cluster's supervisor, which made the token. */
    private static String token(ClusterPlan plan) throws IOException {
        return Files.readString(Path.of(plan.directory(), "token")).strip();
    }
}
