package io.winnow.trainer.pictures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.internal.chartpart.Chart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Draws a model's pictures. No screen is needed. */
public final class ModelPictures {
    private static final Logger LOG = LoggerFactory.getLogger(ModelPictures.class);

    static {
        // Before any class of AWT looks for a screen.
        System.setProperty("java.awt.headless", "true");
    }

    private ModelPictures() {}

    /**
     * Draws what there are figures for. A Java without fonts cannot draw; a model is published all the same.
     *
     * @return the pictures that are in the directory now
     * @throws IOException if the directory cannot be written
     */
    public static List<Picture> draw(Path directory, Figures figures) throws IOException {
        List<Picture> drawn = new ArrayList<>();
        for (Picture picture : Picture.values()) {
            try {
                Optional<byte[]> png = png(picture, figures);
                if (png.isPresent()) {
                    Files.write(directory.resolve(picture.file()), png.get());
                    drawn.add(picture);
                }
            } catch (RuntimeException | LinkageError | InternalError | java.awt.AWTError e) {
                LOG.warn("the model goes without {}: this Java cannot draw it ({})", picture.file(), e.toString());
            }
        }
        return List.copyOf(drawn);
    }

    /** One picture; empty where there are no figures for it. */
    static Optional<byte[]> png(Picture picture, Figures figures) throws IOException {
        Optional<Chart<?, ?>> chart = chart(picture, figures);
        return chart.isEmpty()
                ? Optional.empty()
                : Optional.of(BitmapEncoder.getBitmapBytes(chart.get(), BitmapFormat.PNG));
    }

    private static Optional<Chart<?, ?>> chart(Picture picture, Figures figures) {
        boolean rows = figures.times().length > 0;
        return switch (picture) {
            case LOSS -> Optional.of(figures).filter(f -> !f.curve().isEmpty()).map(Charts::loss);
            case PREDICTED ->
                Optional.of(figures)
                        .filter(f -> rows)
                        .map(f -> f.isRegression() ? Charts.scatter(f) : Charts.confusion(f));
            case RESIDUALS ->
                Optional.of(figures)
                        .filter(f -> rows)
                        .map(f -> f.isRegression() ? Charts.residuals(f) : Charts.wrong(f));
            case IMPORTANCE ->
                Optional.of(figures).filter(f -> !f.inputs().isEmpty()).map(Charts::importance);
            case ACTIVATIONS ->
                Optional.of(figures).filter(f -> f.activations().length > 0).map(Charts::activations);
        };
    }
}
