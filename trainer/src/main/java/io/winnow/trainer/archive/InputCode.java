package io.winnow.trainer.archive;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * From raw rows with their history to the network's inputs, as TorchScript; the same code serves training and the
 * published archive. In order, D numbers: plain columns standardized (0 where missing), whether each is known, their
 * change since each lag, their distance from the
 * mean over each span, sines and cosines of time of day and of week, and the target's history.
 */
final class InputCode {
    /** Standardized values beyond this are cut: one wild value must not own the answer. */
    private static final String CUT = "8.0";

    private final ModelSpec spec;
    private final List<String> lines = new ArrayList<>();
    private final List<String> parts = new ArrayList<>();

    private InputCode(ModelSpec spec) {
        this.spec = spec;
    }

    /** The methods {@code last_target} and {@code prepare}. */
    static String of(ModelSpec spec) {
        return new InputCode(spec).methods();
    }

    private String methods() {
        StringBuilder code = new StringBuilder();
        if (spec.isRegression()) {
            code.append(
                    """
                      def last_target(self: __torch__.Model, numbers: Tensor) -> Tensor:
                        past = torch.slice(torch.select(numbers, 2, -1), 1, 0, %d)
                        known = torch.logical_not(torch.isnan(past))
                        place = torch.amax(torch.mul(known, self.places), [1])
                        last = torch.select(torch.gather(past, 1, torch.unsqueeze(torch.clamp_min(torch.sub(place, 1), 0), 1)), 1, 0)
                        return torch.nan_to_num(last, self.center)
                    """.replace("self.center", "float(torch.item(self.center))").formatted(spec.history() - 1));
        }
        code.append("  def prepare(self: __torch__.Model, numbers: Tensor) -> Tensor:\n");
        line("now = torch.select(numbers, 1, -1)");
        plain();
        times();
        if (spec.isRegression()) {
            numericTarget();
        } else {
            classTarget();
        }
        line("return torch.to(torch.cat([%s], 1), 6)", String.join(", ", parts));
        lines.forEach(l -> code.append("    ").append(l).append('\n'));
        return code.toString();
    }

    private void plain() {
        if (spec.plainColumns() == 0) {
            return;
        }
        line("z = %s", standardized("now", "1"));
        part("p0", "torch.nan_to_num(z, 0.0)");
        part("p1", "torch.to(torch.logical_not(torch.isnan(z)), 7)");
        for (int lag : spec.lags()) {
            line("w = torch.select(numbers, 1, %d)", -1 - lag);
            part("l" + lag, "torch.nan_to_num(torch.sub(z, " + standardized("w", "1") + "), 0.0)");
        }
        for (int span : spec.spans()) {
            line("rows = %s", lastRows("numbers", span));
            line("rows = %s", standardized("rows", "2"));
            mean();
            part("m" + span, "torch.mul(torch.nan_to_num(torch.sub(z, mean), 0.0), torch.gt(known, 0))");
        }
    }

    /** The mean over what is known of {@code rows[B, span, …]}, 0 where nothing is; to {@code mean} and {@code known}. */
    private void mean() {
        line("known = torch.sum(torch.logical_not(torch.isnan(rows)), [1])");
        line("mean = torch.mul(torch.sum(torch.nan_to_num(rows, 0.0), [1]), "
                + "torch.reciprocal(torch.to(torch.clamp_min(known, 1), 7)))");
    }

    private String lastRows(String history, int span) {
        return "torch.slice(" + history + ", 1, " + (spec.history() - 1 - span) + ", " + (spec.history() - 1) + ")";
    }

    private static String standardized(String rows, String dimension) {
        return "torch.clamp(torch.mul(torch.sub(torch.index_select(" + rows + ", " + dimension
                + ", self.plain), self.means), self.inverse_deviations), -" + CUT + ", " + CUT + ")";
    }

    private void times() {
        if (spec.plainColumns() == spec.columns().size()) {
            return;
        }
        line("t = torch.index_select(now, 1, self.times)");
        for (double turns : new double[] {1, 2, 1.0 / 7, 2.0 / 7}) {
            // Reduced to one period before the product, so that no digits are lost.
            double period = 86_400_000 / turns;
            String id = "t" + parts.size();
            line("%s = torch.mul(torch.remainder(t, %s), %s)", id, period, 2 * Math.PI / period);
            part(id + "s", "torch.nan_to_num(torch.sin(" + id + "), 0.0)");
            part(id + "c", "torch.nan_to_num(torch.cos(" + id + "), 0.0)");
        }
    }

    /** Level of the last known target, and how earlier ones, and their means, differ from it. */
    private void numericTarget() {
        line("last = torch.unsqueeze(self.last_target(numbers), 1)");
        line("past = torch.mul(torch.sub(torch.select(numbers, 2, -1), last), self.inverse_step)");
        part(
                "y0",
                "torch.clamp(torch.mul(torch.sub(last, self.center), self.inverse_level), -" + CUT + ", " + CUT + ")");
        for (int span : spec.spans()) {
            line("rows = %s", lastRows("past", span));
            mean();
            part("a" + span, "torch.unsqueeze(torch.clamp(mean, -" + CUT + ", " + CUT + "), 1)");
        }
        line("w = torch.index_select(past, 1, self.lagged)");
        part("y2", "torch.clamp(torch.nan_to_num(w, 0.0), -" + CUT + ", " + CUT + ")");
        part("y3", "torch.to(torch.isnan(w), 7)");
    }

    /** One-hot classes of the lags, and the share of each class in the spans. */
    private void classTarget() {
        line("past = torch.slice(torch.select(numbers, 2, -1), 1, 0, %d)", spec.history() - 1);
        line("hot = torch.to(torch.eq(torch.unsqueeze(past, 2), self.class_ids), 7)");
        for (int span : spec.spans()) {
            part("a" + span, "torch.mean(" + lastRows("hot", span) + ", [1])");
        }
        String lagged = spec.lags().stream()
                .map(lag -> "torch.select(hot, 1, " + (spec.history() - 1 - lag) + ")")
                .collect(Collectors.joining(", "));
        part("g", "torch.cat([" + lagged + "], 1)");
    }

    /** What these methods read besides their arguments. */
    static java.util.Map<String, Attribute> attributes(ModelSpec spec, Scaling scaling) {
        java.util.Map<String, Attribute> attributes = new java.util.LinkedHashMap<>();
        attributes.put("plain", places(spec, false));
        attributes.put("times", places(spec, true));
        attributes.put("means", Attribute.Tensor.buffer(scaling.means()));
        attributes.put(
                "inverse_deviations",
                Attribute.Tensor.buffer(java.util.Arrays.stream(scaling.deviations())
                        .map(d -> 1 / d)
                        .toArray()));
        attributes.put("center", scalar(scaling.center()));
        attributes.put("inverse_level", scalar(1 / scaling.level()));
        attributes.put("step", scalar(scaling.step()));
        attributes.put("inverse_step", scalar(1 / scaling.step()));
        int history = spec.history();
        attributes.put(
                "places",
                Attribute.Tensor.buffer(
                        IntStream.range(1, history).mapToLong(i -> i).toArray()));
        attributes.put(
                "lagged",
                Attribute.Tensor.buffer(
                        spec.lags().stream().mapToLong(lag -> history - 1 - lag).toArray()));
        attributes.put(
                "class_ids",
                Attribute.Tensor.buffer(IntStream.range(0, spec.classes().size())
                        .asDoubleStream()
                        .toArray()));
        return attributes;
    }

    private static Attribute scalar(double value) {
        return Attribute.Tensor.buffer(new double[] {value});
    }

    private static Attribute places(ModelSpec spec, boolean time) {
        return Attribute.Tensor.buffer(IntStream.range(0, spec.columns().size())
                .filter(i -> spec.columns().get(i).time() == time)
                .mapToLong(i -> i)
                .toArray());
    }

    private void part(String name, String expression) {
        line("%s = %s", name, expression);
        parts.add(name);
    }

    private void line(String format, Object... arguments) {
        lines.add(String.format(Locale.ROOT, format, arguments));
    }
}
