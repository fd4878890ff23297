package io.winnow.app.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.winnow.app.Failure;
import io.winnow.app.system.ReproductionProcess.Order;
import io.winnow.trainer.Reproduction;
import io.winnow.trainer.learn.Learner.Learned;
import io.winnow.trainer.store.CorruptModelException;
import io.winnow.trainer.store.Manifest;
import io.winnow.trainer.store.ModelStore;
import io.winnow.trainer.store.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code winnow reproduction}: what {@code models reproduce} spawns. */
@Command(name = "reproduction", hidden = true)
public final class ReproductionCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public Integer call() throws IOException {
        Order order = JSON.readValue(System.in, Order.class);
        ModelStore store = ModelStore.reading(Path.of(order.models()), order.stream());
        Manifest manifest;
        try {
            manifest = store.manifest(order.id());
        } catch (CorruptModelException e) {
            throw new Failure("the files of " + order.id() + " cannot be used: " + e.getMessage(), e);
        }
        Reproduction.Result result =
                Reproduction.run(manifest, parent(store, manifest), order.kafka(), Path.of(order.cache()));
        System.out.println(JSON.writeValueAsString(result));
        return 0;
    }

    /** What the model began from, if it began from another one. */
    private static Optional<Learned> parent(ModelStore store, Manifest manifest) {
        Origin.Parent parent = manifest.origin().warmStart();
        if (parent == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(store.start(parent));
        } catch (CorruptModelException e) {
            throw new Failure(
                    manifest.card().id() + " began from " + parent.id() + ", whose files cannot be used: "
                            + e.getMessage(),
                    e);
        }
    }
}
