package io.winnow.faults.kinds;

import io.winnow.faults.FaultKind;
import io.winnow.faults.result.Outcome;
import io.winnow.faults.world.BrokerProcess;
import io.winnow.faults.world.Patience;
import io.winnow.faults.world.Run;
import io.winnow.faults.world.SmallDisk;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Disks that are full for a while. */
final class DiskFaults {
    private static final int RECORDS = 24_000;
    private static final int RATE = 3_000;

    static final List<FaultKind> KINDS = List.of(
            new FaultKind(
                    "checkpoint-disk-full",
                    "the disk of the checkpoints is full for three seconds",
                    2,
                    DiskFaults::checkpoints),
            new FaultKind(
                    "broker-disk-full",
                    "the broker's disk is full: it ends, and starts again when there is space",
                    1,
                    DiskFaults::broker));

    private DiskFaults() {}

    private static Outcome checkpoints(Run run) throws Exception {
        SmallDisk disk = run.closing(SmallDisk.mount(run.config(2).checkpointDir(), 4));
        run.begin(RECORDS, RATE);
        run.awaitSome(0, RECORDS / 3);
        run.harmed();
        disk.fill();
        TimeUnit.SECONDS.sleep(3);
        disk.free();
        return run.settle();
    }

    private static Outcome broker(Run run) throws Exception {
        SmallDisk disk = run.closing(SmallDisk.mount(run.directory().resolve("kafka"), 128));
        BrokerProcess broker = run.closing(BrokerProcess.start(run.directory().resolve("kafka")));
        run.on(broker.kafka()).begin(RECORDS, RATE);
        run.awaitSome(0, RECORDS / 3);
        run.harmed();
        disk.fill();
        Patience.await(
                "the broker ends on a full disk",
                Duration.ofSeconds(60),
                () -> !broker.process().isAlive());
        disk.free();
        broker.restart();
        run.explain("the broker ended when it could not write "
                + (broker.process().count("is full") > 0 ? "and said so in one line" : "without a line of its own")
                + "; nothing that it had acknowledged is lost");
        return run.settle();
    }
}
