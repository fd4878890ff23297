package io.winnow.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.core.contract.ContractException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayPortTest {
    @TempDir
    private Path folder;

    private RunConfig read(String ports) throws IOException {
        Files.writeString(folder.resolve("mill.yaml"), "stream: mill\nfeatures: [{name: speed, type: number}]\n");
        return RunConfigReader.read(
                Files.writeString(folder.resolve("winnow.yaml"), "streams: [mill.yaml]\n" + ports + "\n"));
    }

    @Test
    void thereIsAGatewayOnlyWhereAPortIsNamed() throws IOException {
        assertThat(read("").ports().gateway()).isEmpty();
        assertThat(read("ports: {desk: 0}").ports().gateway()).isEmpty();
        assertThat(read("ports: {gateway: 8090}").ports().gateway()).hasValue(8090);
        assertThatThrownBy(() -> read("ports: {gateway: 70000}"))
                .isInstanceOf(ContractException.class)
                .hasMessageContaining("a port must lie between 0 and 65535, not 70000");
    }
}
