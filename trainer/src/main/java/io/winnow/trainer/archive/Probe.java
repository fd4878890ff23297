package io.winnow.trainer.archive;

/** A model's archive that answers with what its network computes inside. */
public final class Probe {
    private static final String FORWARD = "  def forward(";
    private static final String RETURN = "\n    return ";

    private Probe() {}

    /**
     * The same weights as {@link Archives#published}, but {@code forward} answers with the last hidden layer:
     * {@code float32[B, hidden]}.
     *
     * @param state what the training archive's {@code state} gave
     * @throws IllegalArgumentException if the network has no hidden layer
     */
    public static TorchArchive lastLayer(ModelSpec spec, Scaling scaling, float[] state) {
        if (spec.shape().blocks() == 0) {
            throw new IllegalArgumentException("a linear model has no hidden layer");
        }
        TorchArchive published = Archives.published(spec, scaling, state);
        String code = published.methods();
        // What the network calls its hidden state is there until the end.
        int answer = code.indexOf(RETURN, code.indexOf(FORWARD)) + RETURN.length();
        String probing = code.substring(0, answer) + "h" + code.substring(code.indexOf('\n', answer));
        return new TorchArchive(published.name(), probing, published.attributes());
    }
}
