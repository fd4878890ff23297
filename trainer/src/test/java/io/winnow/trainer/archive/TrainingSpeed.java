package io.winnow.trainer.archive;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.ArrayDataset;
import com.sun.management.OperatingSystemMXBean;
import io.winnow.trainer.archive.ModelSpec.Column;
import io.winnow.trainer.archive.ModelSpec.Shape;
import io.winnow.trainer.learn.Devices;
import io.winnow.trainer.learn.TorchModule;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How fast the training method is, as a share of what this machine's matrix products alone allow, and beside DJL's EasyTrain
 * on the same network. All in one process, in turns, by CPU time: the least of each counts.
 */
public final class TrainingSpeed {
    private static final int ROUNDS = 9;
    private static final List<Integer> BATCHES = List.of(256, 4096);
    /** Twenty fields and the default lags: 171 inputs. */
    private static final List<Column> COLUMNS =
            IntStream.range(0, 20).mapToObj(i -> new Column("f" + i, false)).toList();

    private TrainingSpeed() {}

    /** Seconds of CPU for one turn of each. */
    private record Times(double products, double archive, double blocks) {}

    /**
     * Prints the table in Markdown.
     *
     * @param args widths of the network; the default's 128, and 512, without any
     */
    public static void main(String[] args) throws Exception {
        Devices.prepare(Path.of("target", "djl-cache"));
        List<Integer> widths = args.length == 0
                ? List.of(128, 512)
                : List.of(args).stream().map(Integer::valueOf).toList();
        System.out.printf(
                "%d of %d processors%n%n",
                Devices.threads(), Runtime.getRuntime().availableProcessors());
        System.out.println("| network | batch | products alone, GFLOP/s | archive, rows/s | share of the limit "
                + "| EasyTrain, rows/s | archive to EasyTrain |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (int width : widths) {
            ModelSpec spec = new ModelSpec(
                    COLUMNS,
                    List.of(),
                    List.of(),
                    List.of(1, 2, 24, 48),
                    List.of(24, 48),
                    false,
                    new Shape(width, 2, 0.1));
            for (int batch : BATCHES) {
                Path folder = Files.createTempDirectory("speed");
                int steps = (int) Math.max(1, (width > 256 ? 1 << 14 : 1 << 16) / batch);
                Times times = measured(folder, spec, batch, steps);
                double rows = (double) steps * batch;
                System.out.printf(
                        Locale.ROOT,
                        "| %d × %d | %d | %.0f | %.0f | %.2f | %.0f | %.2f |%n",
                        width,
                        spec.shape().blocks(),
                        batch,
                        rows
                                * Products.of(spec).stream()
                                        .mapToDouble(Product::work)
                                        .sum()
                                / times.products()
                                / 1e9,
                        rows / times.archive(),
                        times.products() / times.archive(),
                        rows / times.blocks(),
                        times.blocks() / times.archive());
            }
        }
    }

    private static Times measured(Path folder, ModelSpec spec, int batch, int steps) throws Exception {
        Path file = folder.resolve("products.pt");
        try (OutputStream out = Files.newOutputStream(file)) {
            Products.archive(spec, batch).write(out);
        }
        double[] rates = new double[steps];
        java.util.Arrays.fill(rates, 1e-3);
        TrainingSpec training = new TrainingSpec(OptimizerSpec.DEFAULT, Loss.L1, false);
        try (TorchModule products = TorchModule.load(file, Devices.chosen(), false);
                Training archive = Training.open(folder, spec, training, 1, batch * steps);
                BlockTrainer blocks = new BlockTrainer(spec, 1e-3, 0.01, batch)) {
            ArrayDataset rows = blocks.rows(blocks.manager(), archive.x, archive.y, batch, true);
            double[] least = {Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE};
            for (int round = 0; round < ROUNDS; round++) {
                least[0] = Math.min(least[0], cpu(() -> {
                    try (NDManager scratch = products.manager().newSubManager();
                            NDArray count = scratch.create(new long[] {steps})) {
                        products.read(scratch, "run", count).toFloatArray();
                    }
                }));
                least[1] = Math.min(least[1], cpu(() -> archive.learn(batch, rates)));
                least[2] = Math.min(least[2], cpu(() -> blocks.fit(rows, 1)));
            }
            return new Times(least[0], least[1], least[2]);
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static double cpu(Work work) throws Exception {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long before = system.getProcessCpuTime();
        work.run();
        return (system.getProcessCpuTime() - before) / 1e9;
    }

    /** A layer from inputs to outputs; the first layers have nobody to hand a gradient to. */
    private record Product(int inputs, int outputs, boolean first) {
        /** Floating-point operations for a row. */
        double work() {
            return (first ? 4.0 : 6.0) * inputs * outputs;
        }
    }

    /** The network's matrix products, forward and back, and nothing else: into tensors that are there already. */
    private static final class Products {
        static List<Product> of(ModelSpec spec) {
            int hidden = spec.shape().hidden();
            List<Product> products = new ArrayList<>(List.of(
                    new Product(spec.inputs(), spec.outputs(), true), new Product(spec.inputs(), hidden, true)));
            for (int i = 0; i < 2 * spec.shape().blocks(); i++) {
                products.add(new Product(hidden, hidden, false));
            }
            products.add(new Product(hidden, spec.outputs(), false));
            return products;
        }

        static TorchArchive archive(ModelSpec spec, int batch) {
            StringBuilder code = new StringBuilder("  def run(self: __torch__.Products, count: Tensor) -> Tensor:\n");
            StringBuilder loop = new StringBuilder("    for i in range(int(torch.item(count))):\n");
            List<String> sums = new ArrayList<>();
            int n = 0;
            for (Product p : of(spec)) {
                String shape = n + " = torch.ones([";
                code.append("    x" + shape + batch + ", " + p.inputs() + "])\n");
                code.append("    w" + shape + p.outputs() + ", " + p.inputs() + "])\n");
                code.append("    y" + shape + batch + ", " + p.outputs() + "])\n");
                code.append("    a" + shape + batch + ", " + p.inputs() + "])\n");
                code.append("    b" + shape + p.outputs() + ", " + p.inputs() + "])\n");
                loop.append(into("torch.mm(x%d, torch.t(w%d), out=y%d)", n));
                if (!p.first()) {
                    loop.append(into("torch.mm(y%d, w%d, out=a%d)", n));
                }
                loop.append(into("torch.mm(torch.t(y%d), x%d, out=b%d)", n));
                // What nobody reads would not be computed.
                sums.add("torch.add(torch.sum(a" + n + "), torch.sum(b" + n + "))");
                n++;
            }
            code.append(loop).append("    return torch.stack([" + String.join(", ", sums) + "])\n");
            return new TorchArchive("Products", code.toString(), Map.of("training", new Attribute.Flag(false)));
        }

        private static String into(String product, int n) {
            return "      z = " + product.formatted(n, n, n) + '\n';
        }
    }
}
