package io.winnow.trainer.pictures;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The pictures that a model may have beside it. */
public enum Picture {
    /** Loss by epoch. */
    LOSS(
            "Loss by epoch",
            "What was learned from, and what the best epoch was chosen by. A validation error that rises while the"
                    + " training loss falls is overfitting; training stops there, and the best weights are kept."),
    /** What was predicted against what was true. */
    PREDICTED(
            "Predicted against true",
            "On the newest rows, by the model as it was before it learned any of them. Everything on the diagonal would be a perfect model."),
    /** What is left to explain, in order of time. */
    RESIDUALS(
            "Errors over time",
            "On the same rows in order of time. Errors that grow towards the right belong to a model that ages fast."),
    /** What the model needs. */
    IMPORTANCE(
            "What the model needs",
            "By how much the error rises when one input is shuffled among the rows, its history with it. Inputs that"
                    + " say the same share their importance."),
    /** What the network computes inside. */
    ACTIVATIONS(
            "Inside the network",
            "What its last hidden layer computes on these rows, before the answer. A layer that is nearly all zeros, or all"
                    + " at one value, has learned little.");

    private final String title;
    private final String meaning;

    Picture(String title, String meaning) {
        this.title = title;
        this.meaning = meaning;
    }

    /** A heading. */
    public String title() {
        return title;
    }

    /** How to read it. */
    public String meaning() {
        return meaning;
    }

    /** Its name as a file. */
    public String file() {
        return name().toLowerCase(Locale.ROOT) + ".png";
    }

    /** The picture of this file name. */
    public static Optional<Picture> ofFile(String file) {
        return Stream.of(values()).filter(p -> p.file().equals(file)).findFirst();
    }
}
