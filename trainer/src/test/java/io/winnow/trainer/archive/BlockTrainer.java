package io.winnow.trainer.archive;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.winnow.trainer.archive.Weights.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The same network from DJL's own blocks, trained by DJL's own loop and AdamW: what the archive's way of training is
 * compared with. Numbers only, no categories; ReLU; absolute error or logarithmic loss; decay on all weights or none, and no
 * clipping, since DJL's AdamW knows no other way.
 */
final class BlockTrainer implements AutoCloseable {
    private final ModelSpec spec;
    private final Map<String, Block> layers = new LinkedHashMap<>();
    private final Model model;
    private final Trainer trainer;

    BlockTrainer(ModelSpec spec, double rate, double decay, int batch) {
        this.spec = spec;
        this.model = Model.newInstance("blocks", Device.cpu(), "PyTorch");
        model.setBlock(network());
        ai.djl.training.loss.Loss loss = spec.isRegression()
                ? ai.djl.training.loss.Loss.l1Loss()
                : ai.djl.training.loss.Loss.softmaxCrossEntropyLoss();
        Optimizer optimizer = Optimizer.adamW()
                .optLearningRateTracker(Tracker.fixed((float) rate))
                .optBeta1(0.9f)
                .optBeta2(0.99f)
                .optWeightDecays((float) decay)
                .build();
        this.trainer = model.newTrainer(
                new DefaultTrainingConfig(loss).optOptimizer(optimizer).optDevices(new Device[] {Device.cpu()}));
        trainer.initialize(new Shape(batch, spec.inputs()));
    }

    private Block network() {
        SequentialBlock deep =
                new SequentialBlock().add(linear("input", spec.shape().hidden(), false));
        for (int b = 0; b < spec.shape().blocks(); b++) {
            String name = "block" + b + '_';
            deep.add(sum(
                    LambdaBlock.singleton(h -> h),
                    new SequentialBlock()
                            .add(norm(name + "norm1"))
                            .add(Activation.reluBlock())
                            .add(linear(name + "linear1", spec.shape().hidden(), false))
                            .add(norm(name + "norm2"))
                            .add(Activation.reluBlock())
                            .add(Dropout.builder()
                                    .optRate((float) spec.shape().dropout())
                                    .build())
                            .add(linear(name + "linear2", spec.shape().hidden(), false))));
        }
        deep.add(norm("last_norm")).add(Activation.reluBlock()).add(linear("last", spec.outputs(), false));
        return sum(linear("linear", spec.outputs(), true), deep);
    }

    private static Block sum(Block one, Block other) {
        return new ParallelBlock(
                answers -> new NDList(NDArrays.add(
                        answers.get(0).singletonOrThrow(), answers.get(1).singletonOrThrow())),
                List.of(one, other));
    }

    private Block linear(String name, int units, boolean bias) {
        return kept(name, Linear.builder().setUnits(units).optBias(bias).build());
    }

    private Block norm(String name) {
        return kept(name, BatchNorm.builder().build());
    }

    private Block kept(String name, Block layer) {
        layers.put(name, layer);
        return layer;
    }

    /** DJL's array for each of our parts, in our order, and then for each of our statistics. */
    private List<NDArray> arrays() {
        List<NDArray> arrays = new ArrayList<>();
        for (Part part : Weights.of(spec).parts()) {
            int end = part.name().lastIndexOf('_');
            String layer = part.name().substring(0, end);
            boolean weight = part.name().endsWith("_weight");
            boolean norm = layer.contains("norm");
            arrays.add(array(layer, norm ? weight ? "gamma" : "beta" : weight ? "weight" : "bias"));
        }
        for (String norm : Weights.norms(spec)) {
            arrays.add(array(norm, "runningMean"));
            arrays.add(array(norm, "runningVar"));
        }
        return arrays;
    }

    private NDArray array(String layer, String name) {
        return layers.get(layer).getDirectParameters().get(name).getArray();
    }

    /** Starts from what a training archive's {@code state} gave. */
    void restore(float[] state) {
        int at = 0;
        for (NDArray array : arrays()) {
            int size = (int) array.getShape().size();
            array.set(java.util.Arrays.copyOfRange(state, at, at + size));
            at += size;
        }
    }

    /** All of it, in the order of a training archive's {@code state}. */
    float[] state() {
        float[] state = new float[Archives.stateSize(spec)];
        int at = 0;
        for (NDArray array : arrays()) {
            float[] part = array.toFloatArray();
            System.arraycopy(part, 0, state, at, part.length);
            at += part.length;
        }
        return state;
    }

    /** Rows for {@link #fit}; they live until the manager is closed. */
    ArrayDataset rows(NDManager manager, float[] x, double[] y, int batch, boolean shuffled) {
        NDArray goals = manager.create(y);
        return new ArrayDataset.Builder()
                .setData(manager.create(x, new Shape(y.length, spec.inputs())))
                .optLabels(
                        spec.isRegression()
                                ? goals.toType(DataType.FLOAT32, false).reshape(-1, 1)
                                : goals.toType(DataType.INT64, false).reshape(-1, 1))
                .setSampling(batch, shuffled, true)
                .build();
    }

    /** DJL's own loop. */
    void fit(ArrayDataset rows, int epochs) throws Exception {
        EasyTrain.fit(trainer, epochs, rows, null);
    }

    NDManager manager() {
        return model.getNDManager();
    }

    @Override
    public void close() {
        trainer.close();
        model.close();
    }
}
