package io.winnow.faults.kinds;

import io.winnow.faults.FaultKind;
import java.util.List;
import java.util.stream.Stream;

/** All kinds, those first that take the least time. */
public final class Catalogue {
    /** Every kind, once. */
    public static final List<FaultKind> KINDS = Stream.of(
                    JobFaults.KINDS,
                    InputFaults.KINDS,
                    BreakerFaults.KINDS,
                    BrokerFaults.KINDS,
                    SideFaults.KINDS,
                    CommitFaults.KINDS,
                    DiskFaults.KINDS,
                    TrainerFaults.KINDS,
                    NightFaults.KINDS,
                    GatewayFaults.KINDS,
                    LeaseFaults.KINDS,
                    ClusterFaults.KINDS,
                    SoakFaults.KINDS)
            .flatMap(List::stream)
            .toList();

    private Catalogue() {}
}
