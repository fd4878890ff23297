package io.winnow.app.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.app.Failure;
import io.winnow.app.tune.FileWindow.Task;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.FeatureType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWindowTest {
    @TempDir
    Path folder;

    private Path csv() throws IOException {
        StringBuilder text = new StringBuilder("a,site,up\n");
        for (int i = 0; i < 200; i++) {
            text.append(i == 7 ? "x" : Double.toString(i / 4.0))
                    .append(",s")
                    .append(i % 3)
                    .append(',');
            text.append(i % 2).append('\n');
        }
        return Files.writeString(folder.resolve("mill.csv"), text);
    }

    @Test
    void rowsKeepTheOrderOfTheFile() throws Exception {
        Path file = csv();
        Contract contract = FileWindow.contract(file, "up", Task.REGRESSION, contractFile("number"));
        FileWindow read = FileWindow.read(file, contract);
        assertThat(read.rows()).isEqualTo(199);
        assertThat(read.undecodable()).isEqualTo(1);
        assertThat(read.window().size()).isEqualTo(199);
        assertThat(read.window().number(7, 0)).isEqualTo(2);
        assertThat(read.window().compareInTime(6, 7)).isNegative();
        assertThat(read.window().key(0))
                .isEqualTo(read.window().key(3))
                .isNotEqualTo(read.window().key(1));
        assertThat(read.window().ranges())
                .singleElement()
                .satisfies(r -> assertThat(r.end()).isEqualTo(199));
    }

    @Test
    void theTaskDecidesTheTargetsType() throws Exception {
        Path file = csv();
        Contract number = FileWindow.contract(file, "up", Task.REGRESSION, null);
        assertThat(number.target().orElseThrow().isRegression()).isTrue();
        Contract classes = FileWindow.contract(file, "up", Task.CLASSIFICATION, null);
        assertThat(classes.target().orElseThrow().type()).isNotEqualTo(FeatureType.NUMBER);
        assertThat(FileWindow.read(file, classes).window().classes()).hasSize(2);
    }

    @Test
    void whatDoesNotFitIsSaid() throws Exception {
        Path file = csv();
        Path contract = contractFile("number");
        assertThatThrownBy(() -> FileWindow.contract(file, "a", Task.REGRESSION, contract))
                .isInstanceOf(Failure.class)
                .hasMessage(contract + ": its target must be 'a', as --target says");
        assertThatThrownBy(() -> FileWindow.contract(file, "up", Task.CLASSIFICATION, contract))
                .isInstanceOf(Failure.class)
                .hasMessage(contract + ": its target is a number, so --task must be regression");
        assertThatThrownBy(() -> Task.of("guess")).isInstanceOf(Failure.class).hasMessageContaining("'guess'");
        Path words = Files.writeString(folder.resolve("words.csv"), "a,site,up\nx,s1,1\ny,s2,0\n");
        Contract strict = FileWindow.contract(words, "up", Task.REGRESSION, contract);
        assertThatThrownBy(() -> FileWindow.read(words, strict))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith(words + ": no record fits the contract (line 3: field 'a' must be a number");
    }

    private Path contractFile(String type) throws IOException {
        return Files.writeString(folder.resolve("mill.yaml"), """
                stream: mill
                key: site
                features:
                  - {name: a, type: number}
                target: {name: up, type: %s}
                """.formatted(type));
    }
}
