package io.winnow.trainer.archive;

/** How a gradient becomes a step. Both kinds clip the gradient's norm, and decay matrices only. */
public sealed interface OptimizerSpec {
    /** AdamW with 0.9, 0.99, 0.01 and 1. */
    AdamW DEFAULT = new AdamW(0.9, 0.99, 0.01, 1);

    /** Weight decay; for matrices only, not for biases, norms and embeddings. */
    double weightDecay();

    /** The largest norm of a gradient; a longer one is shortened to it. */
    double clip();

    /**
     * AdamW (Loshchilov and Hutter 2019).
     *
     * @param firstDecay of the first moment
     * @param secondDecay of the second moment
     * @param weightDecay decoupled: times the rate, it is taken off the weights
     * @param clip largest norm of the gradient
     */
    record AdamW(double firstDecay, double secondDecay, double weightDecay, double clip) implements OptimizerSpec {
        public AdamW {
            share("firstDecay", firstDecay);
            share("secondDecay", secondDecay);
            checked(weightDecay, clip);
        }
    }

    /**
     * Stochastic gradient descent with Nesterov's momentum (Sutskever et al. 2013), as PyTorch's {@code SGD} has it.
     *
     * @param momentum share of the last step that is kept
     * @param weightDecay added to the gradient, times the weights
     * @param clip largest norm of the gradient, decay not included
     */
    record Sgd(double momentum, double weightDecay, double clip) implements OptimizerSpec {
        /** 0.9, 1e-4, 1. */
        public static final Sgd DEFAULT = new Sgd(0.9, 1e-4, 1);

        public Sgd {
            share("momentum", momentum);
            checked(weightDecay, clip);
        }
    }

    private static void share(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " must be at least 0 and less than 1, not " + value);
        }
    }

    private static void checked(double weightDecay, double clip) {
        if (!(weightDecay >= 0 && Double.isFinite(weightDecay)) || !(clip > 0)) {
            throw new IllegalArgumentException(
                    "weight decay must not be negative and clip must be positive, not " + weightDecay + ", " + clip);
        }
    }
}
