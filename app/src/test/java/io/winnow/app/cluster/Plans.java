package io.winnow.app.cluster;

import io.winnow.app.config.RunConfig;
import io.winnow.core.contract.ContractReader;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;

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
        return order(directory, brokers, taskManagers, ClusterOrder.ALL_EXTRAS);
    }

    static ClusterOrder order(Path directory, int brokers, int taskManagers, Set<Role.Kind> extras) {
        OptionalInt any = OptionalInt.of(0);
        return new ClusterOrder(
                config().withPorts(new RunConfig.PortSettings(any, any, any, any, any)),
                directory,
                brokers,
                taskManagers,
                extras,
                1);
    }
}
