package io.winnow.trainer.archive;

/** What stands between two linear layers. */
public enum Activation {
    /** max(0, x). */
    RELU("torch.relu_(%s)", "torch.threshold_backward(%1$s, %3$s, 0, grad_input=%1$s)"),
    /** x times the normal distribution's share below x (Hendrycks and Gimpel 2016), exact. */
    GELU("torch.gelu(%s)", "torch.gelu_backward(%1$s, %2$s, grad_input=%1$s)"),
    /** The hyperbolic tangent. */
    TANH("torch.tanh_(%s)", "torch.tanh_backward(%1$s, %3$s, grad_input=%1$s)");

    private final String code;
    private final String gradient;

    Activation(String code, String gradient) {
        this.code = code;
        this.gradient = gradient;
    }

    /** TorchScript for this of an expression, whose value may be overwritten. */
    String of(String expression) {
        return code.formatted(expression);
    }

    /**
     * TorchScript that turns the gradient of this into that of what it was taken of, in the same tensor.
     *
     * @param gradient the tensor's name
     * @param before what it was taken of, if that was not overwritten
     * @param after its value
     */
    String gradient(String gradient, String before, String after) {
        return this.gradient.formatted(gradient, before, after);
    }
}
