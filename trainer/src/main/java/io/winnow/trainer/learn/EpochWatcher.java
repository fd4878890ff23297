package io.winnow.trainer.learn;

import java.util.Map;
import java.util.function.Supplier;

/** Sees a training as it goes. What it does must not change what is learned. */
@FunctionalInterface
public interface EpochWatcher {
    /** Looks away. */
    EpochWatcher NONE = (epoch, inside) -> {};

    /**
     * One pass over the rows.
     *
     * @param number from 1, passes before a restart included
     * @param planned passes that were planned
     * @param loss the mean over the pass of what is minimized
     * @param validation the loss on the validation rows: mean absolute error, or mean logarithmic loss
     * @param rate the learning rate of its last step
     */
    record Epoch(int number, int planned, double loss, double validation, double rate) {}

    /**
     * Called after each pass.
     *
     * @param inside what goes on in the network for some of the rows: inputs, activations, gradients and outputs, by
     *     name. Costs a forward and a backward pass, so it is asked for at need, before this returns
     */
    void passed(Epoch epoch, Supplier<Map<String, float[]>> inside);
}
