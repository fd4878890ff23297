package io.winnow.trainer.archive;

/** What stands between two linear layers. */
public enum Activation {
    /** max(0, x). */
    RELU("torch.relu(%s)"),
    /** x times the normal distribution's share below x (Hendrycks and Gimpel 2016), exact. */
    GELU("torch.gelu(%s)"),
    /** The hyperbolic tangent. */
    TANH("torch.tanh(%s)");

    private final String code;

    Activation(String code) {
        this.code = code;
    }

    /** TorchScript for this of an expression. */
    String of(String expression) {
        return code.formatted(expression);
    }
}
