package io.winnow.faults.kinds;

import io.winnow.faults.FaultKind;
import io.winnow.faults.result.Outcome;
import io.winnow.faults.world.BrokerProcess;
import io.winnow.faults.world.Run;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A broker, or the directory of checkpoints, that is away for a while. */
final class BrokerFaults {
    private static final int RECORDS = 24_000;
    private static final int RATE = 3_000;

    static final List<FaultKind> KINDS = List.of(
            new FaultKind(
                    "checkpoint-directory-gone",
                    "the directory of checkpoints cannot be written for three seconds",
                    2,
                    BrokerFaults::noCheckpoints),
            new FaultKind("broker-restarted", "the broker stops in order and starts again", 2, BrokerFaults::restarted),
            new FaultKind(
                    "broker-killed", "SIGKILL of the only broker, three times", 2, run -> killed(run, 3, RECORDS)),
            new FaultKind("broker-paused", "SIGSTOP of the only broker for 30 s", 1, BrokerFaults::paused));

    private BrokerFaults() {}

    private static Outcome noCheckpoints(Run run) throws Exception {
        run.begin(RECORDS, RATE);
        run.awaitSome(0, RECORDS / 3);
        Path checkpoints = run.config(2).checkpointDir();
        Path away = checkpoints.resolveSibling("away");
        run.harmed();
        Files.move(checkpoints, away);
        block(checkpoints);
        Thread.sleep(3_000);
        Files.delete(checkpoints);
        Files.move(away, checkpoints);
        return run.settle();
    }

    /** Permissions would not keep the superuser out; a file where the directory was keeps everyone out. */
    private static void block(Path checkpoints) throws IOException {
        for (int i = 0; true; i++) {
            try {
                Files.createFile(checkpoints);
                return;
            } catch (FileAlreadyExistsException e) {
                // A checkpoint was under way, and has made the directory again.
                Files.move(checkpoints, checkpoints.resolveSibling("made-again-" + i));
            }
        }
    }

    private static Outcome restarted(Run run) throws Exception {
        run.begin(RECORDS, RATE);
        run.awaitSome(0, RECORDS / 3);
        run.harmed();
        run.world().stopBroker();
        Thread.sleep(run.random().nextInt(3_000));
        run.world().broker();
        return run.settle();
    }

    private static Outcome killed(Run run, int times, int records) throws Exception {
        BrokerProcess broker = run.closing(BrokerProcess.start(run.directory().resolve("kafka")));
        run.on(broker.kafka()).begin(records, RATE);
        for (int i = 0; i < times; i++) {
            run.awaitSome((long) i * records / times, records / times / 2);
            run.harmed();
            broker.killAndRestart(Duration.ofMillis(run.random().nextInt(1_500)));
        }
        return run.settle();
    }

    private static Outcome paused(Run run) throws Exception {
        BrokerProcess broker = run.closing(BrokerProcess.start(run.directory().resolve("kafka")));
        run.on(broker.kafka()).begin(RECORDS, RATE);
        run.awaitSome(0, RECORDS / 2);
        run.harmed();
        broker.process().pause();
        Thread.sleep(30_000);
        broker.process().goOn();
        return run.settle();
    }
}
