package io.winnow.trainer.pictures;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.trainer.learn.Learner.Epoch;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelPicturesTest {
    private static final int ROWS = 600;

    @TempDir
    Path directory;

    static Figures regression() {
        Random random = new Random(5);
        double[] truth = random.doubles(ROWS, 10, 200).toArray();
        double[] answers = new double[ROWS];
        for (int i = 0; i < ROWS; i++) {
            answers[i] = truth[i] + (4 + i / 60.0) * random.nextGaussian();
        }
        return figures("price", List.of(), truth, answers, random);
    }

    static Figures classification(int classes) {
        Random random = new Random(6);
        List<String> names =
                IntStream.range(0, classes).mapToObj(k -> "class " + k).toList();
        double[] truth = random.ints(ROWS, 0, classes).asDoubleStream().toArray();
        double[] answers = truth.clone();
        for (int i = 0; i < ROWS; i++) {
            answers[i] = random.nextInt(5) == 0 ? random.nextInt(classes) : truth[i];
        }
        return figures("kind", names, truth, answers, random);
    }

    private static Figures figures(
            String target, List<String> classes, double[] truth, double[] answers, Random random) {
        List<Epoch> curve = IntStream.range(0, 24)
                .mapToObj(e -> new Epoch(0.8 / (1 + e / 3.0), 9 + 20.0 / (1 + e) + (e > 15 ? (e - 15) / 8.0 : 0)))
                .toList();
        List<Figures.Input> inputs = new ArrayList<>(List.of(
                new Figures.Input("past " + target, 31.5),
                new Figures.Input("demand", 12.25),
                new Figures.Input("a name that goes on and on \u202eand turns round", 3),
                new Figures.Input("<b>site</b>", 0.4),
                new Figures.Input("noise", -0.2)));
        IntStream.range(0, 8).forEach(i -> inputs.add(new Figures.Input("sensor_" + i, 2.0 / (i + 1))));
        float[] activations = new float[20_000];
        for (int i = 0; i < activations.length; i++) {
            activations[i] = (float) Math.max(0, random.nextGaussian());
        }
        long[] times = IntStream.range(0, ROWS)
                .mapToLong(i -> 1_772_400_000_000L + i * 1_800_000L)
                .toArray();
        return new Figures(target, classes, curve, times, truth, answers, inputs, activations);
    }

    @Test
    void drawsEveryPictureOfEveryKindOfModel() throws IOException {
        for (Figures figures : List.of(regression(), classification(2), classification(40))) {
            assertThat(ModelPictures.draw(directory, figures)).containsExactly(Picture.values());
            for (Picture picture : Picture.values()) {
                BufferedImage image =
                        ImageIO.read(directory.resolve(picture.file()).toFile());
                assertThat(image.getWidth()).isEqualTo(720);
                assertThat(colours(image)).as("%s", picture).isGreaterThan(10);
            }
        }
    }

    @Test
    void drawsOnlyWhatThereAreFiguresFor() throws IOException {
        assertThat(ModelPictures.draw(directory, Figures.NONE)).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatCannotBeDrawnIsLeftOutAndTheRestIsThere() throws IOException {
        Figures r = regression();
        Figures broken = new Figures(
                r.target(),
                List.of(),
                List.of(new Epoch(Double.NaN, Double.NaN)),
                new long[] {1},
                new double[] {Double.POSITIVE_INFINITY},
                new double[] {Double.NaN},
                r.inputs(),
                new float[] {Float.NaN});
        assertThat(ModelPictures.draw(directory, broken)).contains(Picture.IMPORTANCE);
        assertThat(directory.resolve("importance.png")).isRegularFile();
    }

    @Test
    void theSameFiguresGiveTheSameBytes() throws IOException {
        for (Picture picture : Picture.values()) {
            byte[] png = ModelPictures.png(picture, regression()).orElseThrow();
            assertThat(ModelPictures.png(picture, regression()).orElseThrow()).isEqualTo(png);
        }
    }

    @Test
    void binsHoldEveryNumberOnce() {
        Bins bins = Bins.of(new float[] {0, 0, 1, 2, 1_000, Float.NaN, Float.POSITIVE_INFINITY}, 10);
        assertThat(IntStream.range(0, 10).mapToDouble(b -> bins.shares()[b]).sum())
                .isCloseTo(1, within());
        assertThat(Bins.of(new float[] {3, 3, 3}, 4).shares()).contains(1.0);
        assertThat(Bins.of(new float[0], 4).centers()).isEmpty();
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(1e-9);
    }

    private static long colours(BufferedImage image) {
        return IntStream.range(0, image.getHeight())
                .flatMap(y -> IntStream.range(0, image.getWidth()).map(x -> image.getRGB(x, y)))
                .distinct()
                .count();
    }
}
