package io.winnow.trainer.search;

import io.winnow.trainer.archive.ModelSpec.Shape;
import io.winnow.trainer.archive.OptimizerSpec;
import io.winnow.trainer.learn.Hyperparameters;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One hyperparameter that is searched. Values are rounded to what a person would write, and what is written is what is
 * tried.
 *
 * @param name as in a contract
 * @param low the least value
 * @param high the greatest
 * @param scale between them
 * @param read from hyperparameters
 * @param write into hyperparameters
 */
record Axis(String name, double low, double high, Scale scale, ToDoubleFunction<Hyperparameters> read, Write write) {

    /** How the unit interval becomes values. */
    enum Scale {
        /** By equal steps. */
        LINEAR,
        /** By equal factors, to two digits. */
        LOGARITHMIC,
        /** Whole numbers, an equal part of the interval each. */
        WHOLE,
        /** Powers of two, an equal part each. */
        POWERS
    }

    /** Puts a value into hyperparameters. */
    interface Write {
        Hyperparameters apply(Hyperparameters hyper, double value);
    }

    /** What is searched. What costs time without bound is bounded: a wide network would use up the search. */
    static final List<Axis> ALL = List.of(
            new Axis(
                    "hidden",
                    16,
                    256,
                    Scale.LOGARITHMIC,
                    h -> h.shape().hidden(),
                    (h, v) -> h.with(shape(
                            h.shape(),
                            8 * Math.max(2, (int) Math.round(v / 8)),
                            h.shape().blocks()))),
            new Axis(
                    "blocks",
                    1,
                    4,
                    Scale.WHOLE,
                    h -> h.shape().blocks(),
                    (h, v) -> h.with(shape(h.shape(), h.shape().hidden(), (int) v))),
            new Axis(
                    "dropout", 0, 0.4, Scale.LINEAR, h -> h.shape().dropout(), (h, v) -> h.with(dropout(h.shape(), v))),
            new Axis(
                    "peak-rate",
                    3e-4,
                    3e-2,
                    Scale.LOGARITHMIC,
                    Hyperparameters::peakRate,
                    Hyperparameters::withPeakRate),
            new Axis(
                    "weight-decay",
                    1e-4,
                    0.3,
                    Scale.LOGARITHMIC,
                    h -> h.optimizer().weightDecay(),
                    (h, v) -> h.with(decay(h.optimizer(), v))),
            new Axis("batch", 64, 1_024, Scale.POWERS, Hyperparameters::batch, (h, v) -> h.withBatch((int) v)));

    private static Shape shape(Shape shape, int hidden, int blocks) {
        return new Shape(hidden, blocks, shape.dropout(), shape.activation());
    }

    private static Shape dropout(Shape shape, double share) {
        return new Shape(shape.hidden(), shape.blocks(), share, shape.activation());
    }

    private static OptimizerSpec decay(OptimizerSpec optimizer, double decay) {
        if (optimizer instanceof OptimizerSpec.AdamW adamW) {
            return new OptimizerSpec.AdamW(adamW.firstDecay(), adamW.secondDecay(), decay, adamW.clip());
        }
        OptimizerSpec.Sgd sgd = (OptimizerSpec.Sgd) optimizer;
        return new OptimizerSpec.Sgd(sgd.momentum(), decay, sgd.clip());
    }

    /** The value at this place in the unit interval. */
    double value(double place) {
        double value = switch (scale) {
            case LINEAR -> low + place * (high - low);
            case LOGARITHMIC -> low * Math.pow(high / low, place);
            case WHOLE -> Math.min(high, low + Math.floor(place * (high - low + 1)));
            case POWERS -> {
                double steps = Math.log(high / low) / Math.log(2);
                yield low * Math.pow(2, Math.min(Math.rint(steps), Math.floor(place * (Math.rint(steps) + 1))));
            }
        };
        return scale == Scale.WHOLE || scale == Scale.POWERS
                ? Math.rint(value)
                : new BigDecimal(value).round(new MathContext(2)).doubleValue();
    }

    /** The place of a value in the unit interval; its nearest end where it lies outside. */
    double place(double value) {
        double bounded = Math.max(low, Math.min(high, value));
        return switch (scale) {
            case LINEAR -> (bounded - low) / (high - low);
            case LOGARITHMIC -> Math.log(bounded / low) / Math.log(high / low);
            // The middle of its part.
            case WHOLE -> (bounded - low + 0.5) / (high - low + 1);
            case POWERS -> {
                double steps = Math.rint(Math.log(high / low) / Math.log(2));
                yield (Math.rint(Math.log(bounded / low) / Math.log(2)) + 0.5) / (steps + 1);
            }
        };
    }
}
