package io.winnow.trainer.archive;

/** What a regression makes small: a mean over rows, of errors in units of the scaling's step. */
public enum Loss {
    /** |e|. */
    L1("torch.l1_loss(%s, %s, 1)", "torch.mul_(torch.sign(torch.sub(%s, %s)), part)"),
    /** |e| − 1/8 beyond a quarter, 2 e² within it: nearly the absolute error, and smooth where it is small. */
    HUBER("torch.smooth_l1_loss(%s, %s, 1, 0.25)", "torch.smooth_l1_loss_backward(one, %s, %s, 1, 0.25)"),
    /** e². */
    L2("torch.mse_loss(%s, %s, 1)", "torch.mse_loss_backward(one, %s, %s, 1)");

    private final String code;
    private final String slope;

    Loss(String code, String slope) {
        this.code = code;
        this.slope = slope;
    }

    /** TorchScript for the loss of these answers. */
    String of(String answers, String goals) {
        return code.formatted(answers, goals);
    }

    /** TorchScript for its slope at these answers; {@code one} is a tensor of 1, {@code part} is one by their number. */
    String slope(String answers, String goals) {
        return slope.formatted(answers, goals);
    }
}
