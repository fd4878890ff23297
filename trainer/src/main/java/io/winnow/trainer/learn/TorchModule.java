package io.winnow.trainer.learn;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.winnow.trainer.archive.Archives;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A TorchScript archive in memory, on its device; its methods are called by name. Not thread-safe. */
public final class TorchModule implements AutoCloseable {
    private final Model model;
    private final ParameterStore parameters;

    private TorchModule(Model model) {
        this.model = model;
        this.parameters = new ParameterStore(model.getNDManager(), false);
    }

    /**
     * Loads an archive.
     *
     * @param file the archive
     * @param device where its tensors go
     * @param train whether its parameters take gradients
     * @throws IOException if it cannot be read or is no archive
     */
    public static TorchModule load(Path file, Device device, boolean train) throws IOException {
        Model model = Model.newInstance("model", device, "PyTorch");
        try {
            Path directory = file.toAbsolutePath().getParent();
            model.load(
                    directory,
                    file.getFileName().toString(),
                    Map.of("trainParam", Boolean.toString(train), "mapLocation", "true"));
            return new TorchModule(model);
        } catch (MalformedModelException | ai.djl.engine.EngineException e) {
            model.close();
            throw new IOException("not a TorchScript archive: " + file.getFileName(), e);
        } catch (IOException e) {
            model.close();
            throw e;
        }
    }

    /**
     * A module to train a recipe in, from its starting weights, on the chosen device.
     *
     * @param scratch an existing directory for a file that lives as long as the call
     * @param seed of the starting weights
     * @throws IOException if the scratch directory cannot be written
     */
    static TorchModule training(Recipe recipe, Hyperparameters hyper, Path scratch, long seed) throws IOException {
        Device device = Devices.chosen();
        Path file = Files.createTempFile(scratch, "training", ".pt");
        try {
            try (OutputStream out = Files.newOutputStream(file)) {
                Archives.training(recipe.spec(), recipe.scaling(), hyper.training(device), seed)
                        .write(out);
            }
            return load(file, device, true);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Arrays made here live on the module's device, until it or a child manager is closed. */
    public NDManager manager() {
        return model.getNDManager();
    }

    /**
     * Calls a method that reads only: no gradients are kept.
     *
     * @param manager owns the answer
     * @param method its name
     * @param arguments tensors, in order
     */
    public NDArray read(NDManager manager, String method, NDArray... arguments) {
        return call(manager, method, false, arguments);
    }

    /** Calls a method that learns: gradients are on. One such call at a time in a process. */
    public NDArray learn(NDManager manager, String method, NDArray... arguments) {
        // It only switches gradients on; they are taken inside the script.
        try (GradientCollector on = Engine.getInstance().newGradientCollector()) {
            return call(manager, method, true, arguments);
        }
    }

    private NDArray call(NDManager manager, String method, boolean train, NDArray... arguments) {
        try (NDArray name = manager.create(0)) {
            // DJL's way to name a method: an extra array whose name says so; the script never sees it.
            name.setName("module_method:" + method);
            NDList inputs = new NDList(arguments);
            inputs.add(name);
            NDArray answer = model.getBlock().forward(parameters, inputs, train).singletonOrThrow();
            answer.attach(manager);
            return answer;
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
