package io.winnow.trainer.search;

import io.winnow.trainer.archive.Activation;
import io.winnow.trainer.archive.Loss;
import io.winnow.trainer.archive.ModelSpec.Shape;
import io.winnow.trainer.archive.OptimizerSpec;
import io.winnow.trainer.learn.Hyperparameters;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

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
 * @param names what whole numbers stand for; empty where they are numbers
 */
record Axis(
        String name,
        double low,
        double high,
        Scale scale,
        ToDoubleFunction<Hyperparameters> read,
        Write write,
        List<String> names) {

    /** How the unit interval becomes values. */
    enum Scale {
        /** By equal steps. */
        LINEAR,
        /** By equal factors, to two digits. */
        LOGARITHMIC,
        /** Multiples of eight, by equal factors. */
        EIGHTS,
        /** Whole numbers, an equal part of the interval each. */
        WHOLE,
        /** Powers of two, an equal part each. */
        POWERS
    }

    /** Puts a value into hyperparameters. */
    interface Write {
        Hyperparameters apply(Hyperparameters hyper, double value);
    }

    private static final List<Axis> COMMON = List.of(
            number(
                    "hidden",
                    16,
                    256,
                    Scale.EIGHTS,
                    h -> h.shape().hidden(),
                    (h, v) -> h.with(shape(h.shape(), (int) v, h.shape().blocks()))),
            number(
                    "blocks",
                    1,
                    4,
                    Scale.WHOLE,
                    h -> h.shape().blocks(),
                    (h, v) -> h.with(shape(h.shape(), h.shape().hidden(), (int) v))),
            number("dropout", 0, 0.4, Scale.LINEAR, h -> h.shape().dropout(), (h, v) -> h.with(dropout(h.shape(), v))),
            number(
                    "peak-rate",
                    3e-4,
                    3e-2,
                    Scale.LOGARITHMIC,
                    Hyperparameters::peakRate,
                    Hyperparameters::withPeakRate),
            number(
                    "weight-decay",
                    1e-4,
                    0.3,
                    Scale.LOGARITHMIC,
                    h -> h.optimizer().weightDecay(),
                    (h, v) -> h.with(decay(h.optimizer(), v))),
            number("batch", 64, 1_024, Scale.POWERS, Hyperparameters::batch, (h, v) -> h.withBatch((int) v)),
            choice(
                    "activation",
                    Activation.values(),
                    h -> h.shape().activation().ordinal(),
                    (h, v) -> h.with(h.shape().with(Activation.values()[(int) v]))));

    /** From the absolute error to the squared one; a classification has no choice. */
    private static final Axis LOSS =
            choice("loss", Loss.values(), h -> h.loss().ordinal(), (h, v) -> h.with(Loss.values()[(int) v]));

    /** What is searched. What costs time without bound is bounded: a wide network would use up the search. */
    static List<Axis> of(boolean regression) {
        return regression ? Stream.concat(COMMON.stream(), Stream.of(LOSS)).toList() : COMMON;
    }

    private static Axis number(
            String name, double low, double high, Scale scale, ToDoubleFunction<Hyperparameters> read, Write write) {
        return new Axis(name, low, high, scale, read, write, List.of());
    }

    private static Axis choice(String name, Enum<?>[] values, ToDoubleFunction<Hyperparameters> read, Write write) {
        List<String> names = Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .toList();
        return new Axis(name, 0, values.length - 1.0, Scale.WHOLE, read, write, names);
    }

    /** These hyperparameters' value, as a person writes it. */
    String text(Hyperparameters hyper) {
        double value = read.applyAsDouble(hyper);
        if (!names.isEmpty()) {
            return names.get((int) value);
        }
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

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
            case LOGARITHMIC, EIGHTS -> low * Math.pow(high / low, place);
            case WHOLE -> Math.min(high, low + Math.floor(place * (high - low + 1)));
            case POWERS -> {
                double steps = Math.log(high / low) / Math.log(2);
                yield low * Math.pow(2, Math.min(Math.rint(steps), Math.floor(place * (Math.rint(steps) + 1))));
            }
        };
        return switch (scale) {
            case LINEAR, LOGARITHMIC ->
                new BigDecimal(value).round(new MathContext(2)).doubleValue();
            case EIGHTS -> 8 * Math.rint(value / 8);
            case WHOLE, POWERS -> Math.rint(value);
        };
    }

    /** The place of a value in the unit interval; its nearest end where it lies outside. */
    double place(double value) {
        double bounded = Math.max(low, Math.min(high, value));
        return switch (scale) {
            case LINEAR -> (bounded - low) / (high - low);
            case LOGARITHMIC, EIGHTS -> Math.log(bounded / low) / Math.log(high / low);
            // The middle of its part.
            case WHOLE -> (bounded - low + 0.5) / (high - low + 1);
            case POWERS -> {
                double steps = Math.rint(Math.log(high / low) / Math.log(2));
                yield (Math.rint(Math.log(bounded / low) / Math.log(2)) + 0.5) / (steps + 1);
            }
        };
    }
}
