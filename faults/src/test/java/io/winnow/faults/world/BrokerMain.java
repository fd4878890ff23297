package io.winnow.faults.world;

import io.winnow.app.kafka.EmbeddedBroker;
import java.nio.file.Path;

/** {@code BrokerMain DIRECTORY PORT}: Winnow's broker in a process of its own; ends with its standard input. */
final class BrokerMain {
    private BrokerMain() {}

    public static void main(String[] args) throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0]), Integer.parseInt(args[1]));
        System.out.println(BrokerProcess.SERVES);
        while (System.in.read() >= 0) {
            // Nothing is said.
        }
        broker.close();
        System.exit(0);
    }
}
