package io.winnow.trainer.archive;

/** What stands between two linear layers. */
public enum Activation {
    /** max(0, x). */
    RELU("torch.relu_(%s)"),
    /** x times the normal distribution's share below x (Hendrycks and Gimpel 2016), exact. */
    GELU("torch.gelu(%s)"),
    /** The hyperbolic tangent. */
    TANH("torch.tanh_(%s)");

    private final String code;

    Activation(String code) {
        this.code = code;
    }

    /** TorchScript for this of an expression, whose value may be overwritten. */
    String of(String expression) {
        return code.formatted(expression);
    }
}
