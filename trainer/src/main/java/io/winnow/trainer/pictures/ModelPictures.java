package io.winnow.trainer.pictures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
        try {
            // At once: whoever asked for the training waits for them.
            return Arrays.stream(Picture.values())
                    .parallel()
                    .filter(picture -> isWritten(directory, picture, figures))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static boolean isWritten(Path directory, Picture picture, Figures figures) {
        try {
            Optional<byte[]> png = png(picture, figures);
            if (png.isPresent()) {
                Files.write(directory.resolve(picture.file()), png.get());
            }
            return png.isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException | LinkageError | InternalError | java.awt.AWTError e) {
            LOG.warn("the model goes without {}: this Java cannot draw it ({})", picture.file(), e.toString());
            return false;
        }
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
