package io.winnow.trainer.archive;

import io.winnow.trainer.TorchTest;
import io.winnow.trainer.archive.ModelSpec.Category;
import io.winnow.trainer.archive.ModelSpec.Column;
import io.winnow.trainer.archive.ModelSpec.Shape;
import io.winnow.trainer.archive.OptimizerSpec.AdamW;
import io.winnow.trainer.archive.OptimizerSpec.Sgd;
import io.winnow.trainer.archive.Weights.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The whole network's training steps against the same network written in eager PyTorch with PyTorch's own optimizers. */
@ExtendWith(TorchTest.class)
class PlainPyTorchTrainingTest {
    private static final int BATCH = 32;
    private static final double[] RATES = {0.01, 0.02, 0.03, 0.02, 0.01, 0.02};

    private static final String SCRIPT = """
            import sys, torch
            import torch.nn.functional as F
            def check(folder, blocks, act, loss_name, outputs, optimizer, batch, clip):
                def read(name, kind):
                    data = open(folder + "/" + name, "rb").read()
                    return torch.frombuffer(bytearray(data), dtype=kind) if data else torch.zeros([0], dtype=kind)
                start, end, x, y = (read(n, torch.float32) for n in ("start", "end", "x", "y"))
                c, rates = read("c", torch.int64), read("rates", torch.float64).tolist()
                rows = y.numel()
                x, c = x.view(rows, -1), c.view(rows, -1)
                params, at = {}, 0
                for line in open(folder + "/parts"):
                    name, r, k = line.split(); r, k = int(r), int(k)
                    size = r * max(1, k)
                    params[name] = start[at:at + size].clone().view([r, k] if k else [r]).requires_grad_()
                    at += size
                norms = [n[:-7] for n in params if "norm" in n and n.endswith("_weight")]
                running = {}
                for n in norms:
                    h = params[n + "_weight"].numel()
                    running[n] = [start[at:at + h].clone(), start[at + h:at + 2 * h].clone()]
                    at += 2 * h
                assert at == start.numel()
                act = {"RELU": F.relu, "GELU": F.gelu, "TANH": torch.tanh}[act]
                def norm(n, h):
                    return F.batch_norm(h, *running[n], params[n + "_weight"], params[n + "_bias"], True, 0.1, 1e-5)
                def network(x, c):
                    e = [x]
                    for i in range(c.size(1)):
                        table = params["embedding%d_weight" % i]
                        ids = c[:, i] + 1
                        e.append(F.embedding(torch.where((ids < 0) | (ids >= table.size(0)), 0, ids), table))
                    e = torch.cat(e, 1)
                    answer = F.linear(e, params["linear_weight"], params["linear_bias"])
                    h = F.linear(e, params["input_weight"])
                    for b in range(blocks):
                        name = "block%d_" % b
                        u = F.linear(act(norm(name + "norm1", h)), params[name + "linear1_weight"])
                        h = h + F.linear(act(norm(name + "norm2", u)), params[name + "linear2_weight"])
                    return answer + F.linear(act(norm("last_norm", h)), params["last_weight"])
                def loss(out, goal):
                    if outputs > 1:
                        return F.cross_entropy(out, goal.long())
                    if loss_name == "L1":
                        return F.l1_loss(out[:, 0], goal)
                    return F.mse_loss(out[:, 0], goal) if loss_name == "L2" else F.smooth_l1_loss(out[:, 0], goal, beta=0.25)
                matrix = lambda n: params[n].dim() == 2 and not n.startswith("embedding")
                groups = [{"params": [p for n, p in params.items() if matrix(n)], "weight_decay": 0.1},
                          {"params": [p for n, p in params.items() if not matrix(n)], "weight_decay": 0.0}]
                o = (torch.optim.SGD(groups, lr=1, momentum=0.8, nesterov=True) if optimizer == "Sgd"
                     else torch.optim.AdamW(groups, lr=1, betas=(0.9, 0.99)))
                for i, rate in enumerate(rates):
                    pick = torch.arange(i * batch, (i + 1) * batch) % rows
                    o.zero_grad()
                    loss(network(x[pick], c[pick]), y[pick]).backward()
                    torch.nn.utils.clip_grad_norm_(params.values(), clip)
                    for g in o.param_groups: g["lr"] = rate
                    o.step()
                mine = torch.cat([p.detach().reshape(-1) for p in params.values()] + [t for n in norms for t in running[n]])
                error = ((mine - end).abs() / end.abs().clamp(min=1)).max().item()
                assert (mine - start).abs().max().item() > 1e-3, "nothing moved"
                assert error <= 1e-5, (act, loss_name, outputs, optimizer, error)
            for line in open(sys.argv[1]):
                folder, blocks, act, loss, outputs, optimizer, batch, clip = line.split()
                check(folder, int(blocks), act, loss, int(outputs), optimizer, int(batch), float(clip))
            """;

    private record Case(Activation activation, Loss loss, int outputs, OptimizerSpec optimizer) {}

    private static final Sgd SGD = new Sgd(0.8, 0.1, 1);

    private static final List<Case> CASES = List.of(
            new Case(Activation.RELU, Loss.HUBER, 1, SGD),
            new Case(Activation.GELU, Loss.L2, 1, SGD),
            new Case(Activation.TANH, Loss.L1, 1, SGD),
            new Case(Activation.GELU, Loss.HUBER, 3, SGD),
            new Case(Activation.TANH, Loss.HUBER, 1, new AdamW(0.9, 0.99, 0.1, 0.5)),
            new Case(Activation.GELU, Loss.L1, 3, new AdamW(0.9, 0.99, 0.1, 1e9)));

    /** All of them for one start of Python, which takes longer than they do. */
    @Test
    void stepsAreEqual(@TempDir Path folder) throws Exception {
        PlainPyTorch.assumeThere(folder);
        List<String> cases = new ArrayList<>();
        for (Case one : CASES) {
            cases.add(written(one, Files.createTempDirectory(folder, "case")));
        }
        Files.write(folder.resolve("cases"), cases);
        Files.writeString(folder.resolve("train.py"), SCRIPT);
        PlainPyTorch.run(
                List.of(
                        PlainPyTorch.PYTHON.toString(),
                        folder.resolve("train.py").toString(),
                        folder.resolve("cases").toString()),
                folder);
    }

    /** Trains here, and writes down from where to where, and on what; how is in the answer. */
    private static String written(Case one, Path folder) throws Exception {
        int outputs = one.outputs();
        OptimizerSpec optimizer = one.optimizer();
        ModelSpec spec = new ModelSpec(
                List.of(new Column("a", false), new Column("b", false)),
                List.of(new Category("c", List.of("x", "y"))),
                outputs == 1 ? List.of() : List.of("p", "q", "r"),
                List.of(1, 3),
                List.of(3),
                false,
                new Shape(12, 2, 0, one.activation()));
        float[] start = Training.floats(new Random(9), Archives.stateSize(spec));
        for (int i = 0; i < start.length; i++) {
            // Positive where a running variance stands.
            start[i] = i < Weights.of(spec).size() ? 0.4f * start[i] : Math.abs(start[i]);
        }
        try (Training training = Training.open(folder, spec, new TrainingSpec(optimizer, one.loss(), false), 2)) {
            training.restore(start);
            training.learn(BATCH, RATES);
            PlainPyTorch.write(folder.resolve("end"), training.state());
            PlainPyTorch.write(folder.resolve("x"), training.x);
            PlainPyTorch.write(folder.resolve("c"), training.c);
            float[] goals = new float[training.y.length];
            for (int i = 0; i < goals.length; i++) {
                goals[i] = (float) training.y[i];
            }
            PlainPyTorch.write(folder.resolve("y"), goals);
        }
        PlainPyTorch.write(folder.resolve("start"), start);
        PlainPyTorch.write(folder.resolve("rates"), RATES);
        Files.writeString(
                folder.resolve("parts"),
                Weights.of(spec).parts().stream()
                        .map(PlainPyTorchTrainingTest::line)
                        .collect(Collectors.joining()));
        return String.join(
                " ",
                folder.toString(),
                "" + spec.shape().blocks(),
                one.activation().name(),
                one.loss().name(),
                "" + outputs,
                optimizer.getClass().getSimpleName(),
                "" + BATCH,
                "" + optimizer.clip());
    }

    private static String line(Part part) {
        return part.name() + ' ' + part.rows() + ' ' + part.columns() + '\n';
    }
}
