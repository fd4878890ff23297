package io.winnow.trainer.evaluation;

/** Who answers a row before it is learned. */
public enum Contender {
    /** The model in force, kept fresh; before there is one, the baseline that has cost least. */
    CHAMPION("the champion"),
    /** The key's last target. */
    NO_CHANGE("no-change"),
    /** Always the same answer. */
    CONSTANT("a constant"),
    /** Ridge or logistic regression on what the contract declares, refitted now and then. */
    LINEAR("the linear model"),
    /** A random forest on the same, refitted now and then. */
    FOREST("the forest"),
    /** The first model, never trained again. */
    STATIC("the first model"),
    /** The newest model that was better than all others, but not by more than noise. */
    SHADOW("the shadow");

    private final String label;

    Contender(String label) {
        this.label = label;
    }

    /**
     * Whether the gate wants it beaten.
     *
     * @param championed whether there is a champion
     */
    public boolean isRival(boolean championed) {
        return switch (this) {
            case CHAMPION -> championed;
            case NO_CHANGE, CONSTANT, LINEAR, FOREST -> true;
            case STATIC, SHADOW -> false;
        };
    }

    /** For a sentence. */
    public String label() {
        return label;
    }
}
