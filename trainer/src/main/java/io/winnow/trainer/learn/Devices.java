package io.winnow.trainer.learn;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import java.nio.file.Path;
import java.util.Map;

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

    /** Bytes in use on the GPU, by whomever; only where {@link #chosen} is one. */
    public static long gpuMemoryUsed() {
        return CudaUtils.getGpuMemory(chosen()).getUsed();
    }

    /**
     * What a process that trains should find in its environment, since it is read before a line of ours runs. PyTorch reads
     * that it may multiply float32 matrices in TF32 on a GPU, three times as fast at ten bits of precision. The GNU C
     * library's allocator reads that tables of 4 MiB and more go back to the system when they are freed, what is free at
     * the heap's end beyond 16 MiB too, and that two heaps are enough: a hundred megabytes less lie about unused.
     */
    public static Map<String, String> environment() {
        return Map.of(
                "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE",
                "1",
                "MALLOC_MMAP_THRESHOLD_",
                Integer.toString(4 << 20),
                "MALLOC_TRIM_THRESHOLD_",
                Integer.toString(16 << 20),
                "MALLOC_ARENA_MAX",
                "2");
    }

    /** Makes what PyTorch draws at random repeatable: dropout uses its own generator. */
    static void seed(int seed) {
        Engine.getEngine("PyTorch").setRandomSeed(seed);
    }

    /** Whether this says that the device's memory, or the machine's, did not suffice. */
    static boolean isOutOfMemory(EngineException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("out of memory") || message.contains("can't allocate memory");
    }

    /** Gives back what PyTorch keeps of a GPU's memory for later; nothing on a CPU. */
    static void freeCache(Device device) {
        if (device.isGpu()) {
            JniUtils.emptyCudaCache();
        }
    }

    /** Threads that one operation may use; part of what makes a training repeatable. */
    public static int threads() {
        // Asking for the engine loads the library that answers.
        Engine.getEngine("PyTorch");
        return JniUtils.getNumThreads();
    }
}
