package io.winnow.app.cluster;

import io.winnow.app.config.RunConfig;
import io.winnow.core.contract.ContractReader;
import java.nio.file.Path;

/** Orders and plans for tests. */
final class Plans {
    static final String MILL = """
            stream: mill
            key: unit
            features:
              - {name: power, type: number, required: true}
              - {name: flow, type: number}
            target: {name: yield, type: number}
            """;

    private Plans() {}

    static RunConfig config() {
        return RunConfig.of(ContractReader.parse(MILL, "mill.yaml"), MILL);
    }

    static ClusterOrder order(Path directory, int brokers, int taskManagers) {
        return new ClusterOrder(
                config().withPorts(new RunConfig.PortSettings(
                        java.util.OptionalInt.of(0),
                        java.util.OptionalInt.of(0),
                        java.util.OptionalInt.of(0),
                        java.util.OptionalInt.of(0),
                        java.util.OptionalInt.of(0))),
                directory,
                brokers,
                taskManagers,
                1);
    }
}
