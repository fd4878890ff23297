package io.winnow.trainer.archive;

import io.winnow.trainer.archive.ModelSpec.Category;
import io.winnow.trainer.archive.ModelSpec.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The learned tensors of a network, one after another in a single vector: the optimizer then works on one tensor, and a
 * published archive cuts it into named ones. Those that decay come first, so that they are one piece too.
 *
 * @param parts in order
 */
record Weights(List<Part> parts) {
    /**
     * One tensor.
     *
     * @param name in a published archive
     * @param rows its first size
     * @param columns its second size; 0 for a vector
     * @param start the value or, negated, the standard deviation that it starts from
     * @param decays whether weight decay applies: to matrices, not to biases, norms and embeddings
     */
    record Part(String name, int rows, int columns, float start, boolean decays) {
        int size() {
            return rows * Math.max(1, columns);
        }
    }

    /** The tensors of this model's network. */
    static Weights of(ModelSpec spec) {
        List<Part> parts = new ArrayList<>();
        Shape shape = spec.shape();
        int width = spec.inputs();
        for (int c = 0; c < spec.categories().size(); c++) {
            Category category = spec.categories().get(c);
            parts.add(new Part(
                    "embedding" + c + "_weight", category.values().size() + 1, category.width(), -0.1f, false));
            width += category.width();
        }
        int hidden = shape.hidden();
        if (shape.blocks() > 0) {
            parts.add(new Part("input_weight", hidden, width, deviation(width), true));
            for (int b = 0; b < shape.blocks(); b++) {
                norm(parts, "block" + b + "_norm1", hidden);
                parts.add(new Part("block" + b + "_linear1_weight", hidden, hidden, deviation(hidden), true));
                norm(parts, "block" + b + "_norm2", hidden);
                // Zero: each block starts as the identity, the network as its linear path.
                parts.add(new Part("block" + b + "_linear2_weight", hidden, hidden, 0, true));
            }
            norm(parts, "last_norm", hidden);
            parts.add(new Part("last_weight", spec.outputs(), hidden, 0, true));
        }
        parts.add(new Part("linear_weight", spec.outputs(), width, 0, true));
        parts.add(new Part("linear_bias", spec.outputs(), 0, 0, false));
        return new Weights(parts.stream()
                .sorted(Comparator.comparing(part -> !part.decays()))
                .toList());
    }

    /** Normalized layers: running means and variances come in pairs of this many numbers each. */
    static List<String> norms(ModelSpec spec) {
        List<String> names = new ArrayList<>();
        for (int b = 0; b < spec.shape().blocks(); b++) {
            names.add("block" + b + "_norm1");
            names.add("block" + b + "_norm2");
        }
        if (spec.shape().blocks() > 0) {
            names.add("last_norm");
        }
        return names;
    }

    int size() {
        return size(parts);
    }

    static int size(List<Part> parts) {
        return parts.stream().mapToInt(Part::size).sum();
    }

    /** Starting values. */
    float[] start(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[size()];
        int at = 0;
        for (Part part : parts) {
            for (int end = at + part.size(); at < end; at++) {
                values[at] = part.start() < 0 ? (float) (-part.start() * gaussian(random)) : part.start();
            }
        }
        return values;
    }

    /** The parts that decay: the front of the vector. */
    List<Part> matrices() {
        return parts.stream().filter(Part::decays).toList();
    }

    /** Irwin and Hall's sum of twelve: near enough to normal for a start, and the same on every machine. */
    private static double gaussian(SplittableRandom random) {
        double sum = -6;
        for (int i = 0; i < 12; i++) {
            sum += random.nextDouble();
        }
        return sum;
    }

    /** He et al. 2015: the deviation that keeps the signal's scale, negated (see {@link Part#start}). */
    private static float deviation(int inputs) {
        return (float) -StrictMath.sqrt(2.0 / inputs);
    }

    private static void norm(List<Part> parts, String name, int size) {
        parts.add(new Part(name + "_weight", size, 0, 1, false));
        parts.add(new Part(name + "_bias", size, 0, 0, false));
    }
}
