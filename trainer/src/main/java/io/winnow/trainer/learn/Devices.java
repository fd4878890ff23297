package io.winnow.trainer.learn;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;

/** PyTorch in this process, and the device that it computes on. */
public final class Devices {
    private Devices() {}

    /**
     * Keeps DJL from the network and from HOME. Call it before anything else of this package, once in a process.
     *
     * @param cache where the native libraries are unpacked
     */
    public static void prepare(Path cache) {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("DJL_CACHE_DIR", cache.toAbsolutePath().toString());
        System.setProperty("ENGINE_CACHE_DIR", cache.toAbsolutePath().toString());
        if (System.getProperty("ai.djl.pytorch.num_threads") == null) {
            // Half of the cores: the rest is the pipeline's, and two busy threads that wait for each other on shared
            // cores are slower than one.
            int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
            System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
        }
        // Its warm-up specializes graphs by shape, which costs seconds and gains nothing for calls as long as ours.
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
    }

    /** The first GPU if there is one, else the CPU. */
    public static Device chosen() {
        return Engine.getEngine("PyTorch").getGpuCount() > 0 ? Device.gpu() : Device.cpu();
    }

    /** Threads that one operation may use; part of what makes a training repeatable. */
    public static int threads() {
        // Asking for the engine loads the library that answers.
        Engine.getEngine("PyTorch");
        return JniUtils.getNumThreads();
    }
}
