package io.winnow.trainer.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Model;
import io.winnow.trainer.TorchTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TorchTest.class)
class TorchArchiveTest {
    private static final String TEXT = "{\"model\": \"ÿ\"}";
    private static final TorchArchive IDENTITY = new TorchArchive(
            "Model",
            "  def forward(self: __torch__.Model, x: Tensor) -> Tensor:\n    return x\n",
            Map.of("training", new Attribute.Flag(false)));

    @TempDir
    Path folder;

    private static byte[] bytes(TorchArchive archive) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        archive.write(out);
        return out.toByteArray();
    }

    /** Models that were published before are to be reproduced to the byte. */
    @Test
    void whatComesWithNothingElseHasTheBytesThatItAlwaysHad() throws Exception {
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(IDENTITY))))
                .isEqualTo("28cb84d46e5872098aa090ec619eed000aebda17a4341b081b9c3a0e066f2102");
    }

    @Test
    void whatComesWithAModuleIsHandedOverByPyTorch() throws Exception {
        Path file = folder.resolve("live.pt");
        Files.write(file, bytes(IDENTITY.with("winnow.json", TEXT)));
        try (Model model = Model.newInstance("live", "PyTorch")) {
            model.load(folder, "live.pt", Map.of("extraFiles", "winnow.json"));
            assertThat(model.getProperty("winnow.json")).isEqualTo(TEXT);
        }
        assertThat(TorchArchive.extra(file, "winnow.json")).contains(TEXT);
        assertThat(TorchArchive.extra(file, "other.json")).isEmpty();
    }

    @Test
    void whatIsDamagedIsNotRead() throws Exception {
        Path file = folder.resolve("live.pt");
        byte[] bytes = bytes(IDENTITY.with("winnow.json", TEXT));
        // In the code: what was asked for is whole.
        bytes[new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("return x")] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> TorchArchive.extra(file, "winnow.json")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> TorchArchive.extra(folder.resolve("none.pt"), "winnow.json"))
                .isInstanceOf(IOException.class);
    }
}
