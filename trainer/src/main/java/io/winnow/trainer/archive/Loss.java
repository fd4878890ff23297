package io.winnow.trainer.archive;

/** What a regression makes small: a mean over rows, of errors in units of the scaling's step. */
public enum Loss {
    /** |e|. */
    L1("torch.l1_loss(%s, %s, 1)"),
    /** |e| − 1/8 beyond a quarter, 2 e² within it: nearly the absolute error, and smooth where it is small. */
    HUBER("torch.smooth_l1_loss(%s, %s, 1, 0.25)"),
    /** e². */
    L2("torch.mse_loss(%s, %s, 1)");

    private final String code;

    Loss(String code) {
        this.code = code;
    }

    /** TorchScript for the loss of these answers. */
    String of(String answers, String goals) {
        return code.formatted(answers, goals);
    }
}
