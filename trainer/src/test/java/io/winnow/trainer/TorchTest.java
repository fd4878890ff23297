package io.winnow.trainer;

import io.winnow.trainer.learn.Devices;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Unpacks PyTorch below the build directory, once for all tests. */
public final class TorchTest implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        Devices.prepare(Path.of("target", "djl-cache"));
    }
}
