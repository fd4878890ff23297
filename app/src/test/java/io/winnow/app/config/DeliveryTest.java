package io.winnow.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.core.contract.ContractException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveryTest {
    @TempDir
    private Path folder;

    private RunConfig read(String flink) throws IOException {
        Files.writeString(folder.resolve("mill.yaml"), "stream: mill\nfeatures: [{name: speed, type: number}]\n");
        return RunConfigReader.read(
                Files.writeString(folder.resolve("winnow.yaml"), "streams: [mill.yaml]\n" + flink + "\n"));
    }

    @Test
    void exactlyOnceUnlessTheFileSaysOtherwise() throws IOException {
        assertThat(read("").flink().exactlyOnce()).isTrue();
        assertThat(read("flink: {parallelism: 1}").flink().exactlyOnce()).isTrue();
        assertThat(read("flink: {delivery: exactly-once}").flink().exactlyOnce())
                .isTrue();
        assertThat(read("flink: {delivery: at-least-once}").flink().exactlyOnce())
                .isFalse();
    }

    @Test
    void anythingElseIsRefused() {
        assertThatThrownBy(() -> read("flink: {delivery: twice}"))
                .isInstanceOf(ContractException.class)
                .hasMessageContaining("winnow.yaml:2: delivery must be exactly-once or at-least-once");
    }
}
