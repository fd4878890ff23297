package io.winnow.trainer.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.winnow.trainer.archive.ModelSpec.Category;
import io.winnow.trainer.archive.ModelSpec.Column;
import io.winnow.trainer.archive.ModelSpec.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PublishedArchiveTest {
    @TempDir
    Path folder;

    static Stream<ModelSpec> specs() {
        List<Column> columns = List.of(new Column("a", false), new Column("ts", true), new Column("b", false));
        List<Category> categories = List.of(new Category("c", List.of("x", "y")));
        return Stream.of(
                new ModelSpec(
                        columns, categories, List.of(), List.of(1, 2, 24), List.of(3, 24), true, new Shape(6, 2, 0.1)),
                new ModelSpec(List.of(), categories, List.of("n", "y"), List.of(2), List.of(2), false, Shape.LINEAR));
    }

    private Path written(ModelSpec spec, Scaling scaling, float[] state) throws IOException {
        Path file = folder.resolve("model.pt");
        try (OutputStream out = Files.newOutputStream(file)) {
            Archives.published(spec, scaling, state).write(out);
        }
        return file;
    }

    @ParameterizedTest
    @MethodSource("specs")
    void whatWasPublishedIsReadBack(ModelSpec spec) throws Exception {
        float[] state = Training.floats(new Random(1), Archives.stateSize(spec));
        double[] means = new Random(2).doubles(spec.plainColumns()).toArray();
        double[] deviations = new Random(3).doubles(spec.plainColumns(), 0.1, 9).toArray();
        Scaling scaling = new Scaling(means, deviations, 3.3, 1.7, 0.3);
        PublishedArchive read = PublishedArchive.read(written(spec, scaling, state), spec);
        assertThat(read.state()).isEqualTo(state);
        assertThat(read.scaling().means()).isEqualTo(means);
        assertThat(read.scaling().deviations()).containsExactly(deviations, within(1e-14));
        assertThat(read.scaling().center()).isEqualTo(3.3);
        assertThat(read.scaling().level()).isCloseTo(1.7, within(1e-14));
        assertThat(read.scaling().step()).isEqualTo(0.3);
    }

    @Test
    void anotherModelsArchiveIsRefused() throws Exception {
        ModelSpec spec = specs().findFirst().orElseThrow();
        Scaling scaling = new Scaling(new double[2], new double[] {1, 1}, 0, 1, 1);
        Path file = written(spec, scaling, new float[Archives.stateSize(spec)]);
        assertThatThrownBy(() -> PublishedArchive.read(file, spec.with(new Shape(8, 2, 0))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("manifest");
        Files.write(file, new byte[] {1, 2, 3});
        assertThatThrownBy(() -> PublishedArchive.read(file, spec)).isInstanceOf(IOException.class);
    }
}
