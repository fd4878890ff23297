package io.winnow.trainer.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What a published archive holds, read back so that another training can start from it.
 *
 * @param scaling its standardizer, but for the last bit of each scale: the archive holds their inverses
 * @param state its weights and statistics, as {@link Archives#published} took them
 */
public record PublishedArchive(Scaling scaling, float[] state) {

    /**
     * Reads an archive that {@link Archives#published} made.
     *
     * @param file the {@code model.pt}
     * @param spec of the model, from its manifest
     * @throws IOException if the file cannot be read, or is not of such a model
     */
    public static PublishedArchive read(Path file, ModelSpec spec) throws IOException {
        Weights weights = Weights.of(spec);
        // Storages are numbered in the order in which the archive's attributes were written.
        int tensors = weights.parts().size() + 2 * Weights.norms(spec).size();
        List<String> inputs =
                List.copyOf(InputCode.attributes(spec, blank(spec)).keySet());
        try (ZipFile zip = new ZipFile(file.toFile())) {
            float[] state = new float[Archives.stateSize(spec)];
            int at = 0;
            for (int i = 0; i < tensors; i++) {
                int size = i < weights.parts().size()
                        ? weights.parts().get(i).size()
                        : spec.shape().hidden();
                storage(zip, i, 4 * size).asFloatBuffer().get(state, at, size);
                at += size;
            }
            int plain = spec.plainColumns();
            double[] means = doubles(zip, tensors + inputs.indexOf("averages"), plain);
            double[] inverses = doubles(zip, tensors + inputs.indexOf("inverse_deviations"), plain);
            return new PublishedArchive(
                    new Scaling(
                            means,
                            Arrays.stream(inverses).map(d -> 1 / d).toArray(),
                            doubles(zip, tensors + inputs.indexOf("center"), 1)[0],
                            1 / doubles(zip, tensors + inputs.indexOf("inverse_level"), 1)[0],
                            doubles(zip, tensors + inputs.indexOf("step"), 1)[0]),
                    state);
        } catch (IllegalArgumentException e) {
            throw new IOException(file.getFileName() + " does not hold a model's scales: " + e.getMessage(), e);
        }
    }

    /** A standardizer of the right size: only the names that it would be written under are asked for. */
    private static Scaling blank(ModelSpec spec) {
        double[] ones = new double[spec.plainColumns()];
        Arrays.fill(ones, 1);
        return new Scaling(ones, ones, 0, 1, 1);
    }

    private static double[] doubles(ZipFile zip, int number, int size) throws IOException {
        double[] values = new double[size];
        storage(zip, number, 8 * size).asDoubleBuffer().get(values);
        return values;
    }

    private static ByteBuffer storage(ZipFile zip, int number, int bytes) throws IOException {
        ZipEntry entry = zip.getEntry("model/data/" + number);
        if (entry == null || entry.getSize() != bytes) {
            throw new IOException("the archive " + Path.of(zip.getName()).getFileName()
                    + " is not of the model that its manifest names");
        }
        return ByteBuffer.wrap(zip.getInputStream(entry).readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
    }
}
