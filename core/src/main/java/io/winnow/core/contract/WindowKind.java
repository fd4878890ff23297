package io.winnow.core.contract;

import java.util.Arrays;
import java.util.Optional;

/** Which of the retained rows a model is trained on. */
public enum WindowKind {
    /** The newest {@code window-rows}. */
    SLIDING("sliding"),
    /** All that the clean topic retains, however long ago. */
    GROWING("growing"),
    /** The newest {@code window-rows}, but an older row takes part the less likely: half as likely with each fifth. */
    DECAYED("decayed");

    private final String label;

    WindowKind(String label) {
        this.label = label;
    }

    /** As written in a contract. */
    public String label() {
        return label;
    }

    /** The kind with this label. */
    public static Optional<WindowKind> of(String label) {
        return Arrays.stream(values()).filter(k -> k.label.equals(label)).findFirst();
    }
}
