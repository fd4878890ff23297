package io.winnow.trainer.archive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * From raw rows with their history to the network's inputs, as TorchScript. Two ways lead to them: {@code prepare} takes
 * each row with its own history, as a published archive is asked; {@code prepare_window} takes many rows and the running
 * sums of all that came before, which give every mean and lag as a difference of two. Both end in {@code compose}, so that training and serving see the same.
 *
 * <p>In order, D numbers: plain columns standardized (0 where missing), whether each is known, their change since each
 * lag, their distance from each mean, sines and cosines of time of day and of week, and the target's history.
 */
final class InputCode {
    /** Standardized values beyond this are cut: one wild value must not own the answer. */
    private static final String CUT = "8.0";
    /** Targets this many levels away are cut, so that sums over a window stay exact. */
    private static final String FAR = "1.0e6";
    /**
     * Added and taken off again, it leaves of a smaller number what is a multiple of 2⁻²⁴. Sums of such are exact: a mean, or
     * a lag as a difference of sums, is the same to the bit whatever else was summed.
     */
    private static final String COARSE = Double.toString(0x1.8p28);

    private final ModelSpec spec;
    private final List<String> lines = new ArrayList<>();
    private final List<String> parts = new ArrayList<>();

    private InputCode(ModelSpec spec) {
        this.spec = spec;
    }

    /** What serving needs: {@code prepare}, and for regression {@code last_target}. */
    static String of(ModelSpec spec) {
        return new InputCode(spec).serving();
    }

    /** What training needs besides: {@code prepare_window}. */
    static String ofWindow(ModelSpec spec) {
        return new InputCode(spec).window();
    }

    private String serving() {
        StringBuilder code = new StringBuilder(STANDARD.replace("TARGET", target()));
        if (spec.isRegression()) {
            code.append(LAST.replace("PAST", Integer.toString(spec.history() - 1)));
        }
        code.append(compose());
        String last = spec.isRegression() ? "self.level_of(self.last_target(numbers))" : "past";
        int past = spec.history() - 1;
        return code.append(PREPARE.replace("LAST", last)
                        .replace("SUMS", sums("zero", past))
                        .replace("COUNTS", sums("known", past))
                        .replace("PAST", Integer.toString(past)))
                .toString();
    }

    /** Sums over the last rows of {@code table[B, past, W]}, for each mean, as [B, S, W]. */
    private String sums(String table, int past) {
        return spec.means().isEmpty()
                ? "torch.slice(" + table + ", 1, 0, 0)"
                : spec.means().stream()
                        .map(span ->
                                "torch.sum(torch.slice(" + table + ", 1, " + (past - span) + ", " + past + "), [1])")
                        .collect(Collectors.joining(", ", "torch.stack([", "], 1)"));
    }

    private String window() {
        String last = spec.isRegression() ? LAST_IN_WINDOW.replace("PAST", Integer.toString(spec.history() - 1)) : "";
        return WINDOW.replace("    LAST\n", last).replace("GIVEN", spec.isRegression() ? "last" : "zero");
    }

    /** The target's columns of a table of past rows. */
    private String target() {
        return spec.isRegression()
                ? "torch.unsqueeze(self.level_of(y), -1)"
                // Not a number where the class is not known, like any other missing value.
                : "torch.add(torch.to(torch.eq(torch.unsqueeze(y, -1), self.class_ids), 7), "
                        + "torch.unsqueeze(torch.mul(y, 0.0), -1))";
    }

    private String compose() {
        int plain = spec.plainColumns();
        if (plain > 0) {
            line("z = self.plain_of(now)");
            part("p0", "torch.nan_to_num(z, 0.0)");
            part("p1", "torch.to(torch.logical_not(torch.isnan(z)), 7)");
            line("w = torch.unsqueeze(z, 1)");
            part("p2", flat("torch.nan_to_num(torch.sub(w, torch.slice(lagged, 2, 0, " + plain + ")), 0.0)"));
        }
        line("means = torch.div(sums, torch.clamp_min(counts, 1))");
        if (plain > 0 && !spec.means().isEmpty()) {
            part(
                    "p3",
                    flat("torch.mul(torch.nan_to_num(torch.sub(w, torch.slice(means, 2, 0, " + plain
                            + ")), 0.0), torch.gt(torch.slice(counts, 2, 0, " + plain + "), 0))"));
        }
        times();
        line("past = torch.slice(lagged, 2, %d)", plain);
        line("level = torch.slice(means, 2, %d)", plain);
        if (spec.isRegression()) {
            part("y0", "torch.clamp(last, -" + CUT + ", " + CUT + ")");
            line("back = torch.unsqueeze(last, 1)");
            part(
                    "y1",
                    flat("torch.mul(" + steps("torch.sub(level, back)") + ", torch.gt(torch.slice(counts, 2, " + plain
                            + "), 0))"));
            part("y2", flat("torch.nan_to_num(" + steps("torch.sub(past, back)") + ", 0.0)"));
            part("y3", flat("torch.to(torch.isnan(past), 7)"));
        } else {
            part("y1", flat("level"));
            part("y2", flat("torch.nan_to_num(past, 0.0)"));
        }
        line("return torch.to(torch.cat([%s], 1), 6)", String.join(", ", parts));
        return "  def compose(self: __torch__.Model, now: Tensor, lagged: Tensor, sums: Tensor, counts: Tensor, last: Tensor)"
                + " -> Tensor:\n" + lines.stream().map(l -> "    " + l + '\n').collect(Collectors.joining());
    }

    /** From levels to steps, cut. */
    private static String steps(String levels) {
        return "torch.clamp(torch.mul(" + levels + ", self.steps_in_level), -" + CUT + ", " + CUT + ")";
    }

    private static String flat(String columns) {
        return "torch.flatten(" + columns + ", 1, -1)";
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

    /** What these methods read besides their arguments. */
    static Map<String, Attribute> attributes(ModelSpec spec, Scaling scaling) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("plain", places(spec, false));
        attributes.put("times", places(spec, true));
        attributes.put("averages", Attribute.Tensor.buffer(scaling.means()));
        attributes.put("inverse_deviations", buffer(scaling.deviations().length, i -> 1 / scaling.deviations()[i]));
        attributes.put("center", scalar(scaling.center()));
        attributes.put("inverse_level", scalar(1 / scaling.level()));
        attributes.put("steps_in_level", scalar(scaling.level() / scaling.step()));
        attributes.put("step", scalar(scaling.step()));
        int history = spec.history();
        attributes.put(
                "places",
                Attribute.Tensor.buffer(
                        IntStream.range(1, history).mapToLong(i -> i).toArray()));
        attributes.put(
                "lagged",
                Attribute.Tensor.buffer(
                        spec.lags().stream().mapToLong(lag -> history - 1 - lag).toArray()));
        attributes.put("class_ids", buffer(spec.classes().size(), i -> i));
        return attributes;
    }

    /** What {@code prepare_window} reads besides. */
    static Map<String, Attribute> windowAttributes(ModelSpec spec) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("lags", longs(spec.lags()));
        attributes.put("spans", longs(spec.means()));
        return attributes;
    }

    private static Attribute longs(List<Integer> values) {
        return Attribute.Tensor.buffer(
                values.stream().mapToLong(Integer::longValue).toArray());
    }

    private static Attribute buffer(int size, IntToDoubleFunction value) {
        double[] values = new double[size];
        Arrays.setAll(values, value);
        return Attribute.Tensor.buffer(values);
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

    private static final String STANDARD =
            """
              def plain_of(self: __torch__.Model, rows: Tensor) -> Tensor:
                return torch.clamp(torch.mul(torch.sub(torch.index_select(rows, -1, self.plain), self.averages), self.inverse_deviations), -CUT, CUT)
              def level_of(self: __torch__.Model, targets: Tensor) -> Tensor:
                return torch.clamp(torch.mul(torch.sub(targets, self.center), self.inverse_level), -FAR, FAR)
              def table_of(self: __torch__.Model, rows: Tensor) -> Tensor:
                y = torch.select(rows, -1, -1)
                table = torch.cat([self.plain_of(rows), TARGET], -1)
                return torch.sub_(torch.add_(table, COARSE), COARSE)
            """.replace("CUT", CUT).replace("FAR", FAR).replace("COARSE", COARSE);

    private static final String LAST = """
              def last_target(self: __torch__.Model, numbers: Tensor) -> Tensor:
                past = torch.slice(torch.select(numbers, 2, -1), 1, 0, PAST)
                known = torch.logical_not(torch.isnan(past))
                place = torch.amax(torch.mul(known, self.places), [1])
                last = torch.gather(past, 1, torch.unsqueeze(torch.clamp_min(torch.sub(place, 1), 0), 1))
                return torch.nan_to_num(last, float(torch.item(self.center)))
            """;

    private static final String PREPARE = """
              def prepare(self: __torch__.Model, numbers: Tensor) -> Tensor:
                past = torch.slice(numbers, 1, 0, PAST)
                table = self.table_of(past)
                known = torch.to(torch.logical_not(torch.isnan(table)), 7)
                zero = torch.nan_to_num(table, 0.0)
                sums = SUMS
                counts = COUNTS
                return self.compose(torch.select(numbers, 1, -1), torch.index_select(table, 1, self.lagged), sums, counts, LAST)
            """;

    private static final String WINDOW = """
              def lay(self: __torch__.Model, sums: Tensor, counts: Tensor, at: Tensor, rows: Tensor) -> Tensor:
                from = torch.add(int(torch.item(at)), 1)
                to = torch.add(from, torch.size(rows, 0))
                table = self.table_of(rows)
                _0 = torch.copy_(torch.slice(counts, 0, from, to), torch.logical_not(torch.isnan(table)))
                _1 = torch.copy_(torch.slice(sums, 0, from, to), torch.nan_to_num_(table, 0.0))
                return sums
              def run_up(self: __torch__.Model, rows: Tensor) -> Tensor:
                return torch.cumsum_(rows, 0)
              def put(self: __torch__.Model, x: Tensor, at: Tensor, part: Tensor) -> Tensor:
                from = int(torch.item(at))
                _0 = torch.copy_(torch.slice(x, 0, from, torch.add(from, torch.size(part, 0))), part)
                return x
              def latest_of(self: __torch__.Model, targets: Tensor) -> Tensor:
                known = torch.to(torch.logical_not(torch.isnan(targets)), 4)
                found = torch.mul(known, torch.cumsum(torch.ones_like(known), 0))
                latest, _0, = torch.cummax(found, 0)
                return torch.sub(torch.cat([torch.new_zeros(latest, [1]), latest]), 1)
              def prepare_window(self: __torch__.Model, now: Tensor, zero: Tensor, known: Tensor, targets: Tensor, latest: Tensor, place: Tensor, start: Tensor) -> Tensor:
                here = torch.unsqueeze(place, 1)
                begin = torch.unsqueeze(start, 1)
                lag = torch.sub(here, self.lags)
                from = torch.clamp_min(lag, 0)
                to = torch.add(from, 1)
                there = torch.sub(torch.embedding(zero, to), torch.embedding(zero, from))
                missing = torch.eq(torch.embedding(known, to), torch.embedding(known, from))
                lagged = torch.masked_fill(there, torch.logical_or(missing, torch.unsqueeze(torch.lt(lag, begin), 2)), float("nan"))
                low = torch.maximum(torch.sub(here, self.spans), begin)
                sums = torch.sub(torch.embedding(zero, here), torch.embedding(zero, low))
                counts = torch.to(torch.sub(torch.embedding(known, here), torch.embedding(known, low)), 7)
                LAST
                return self.compose(now, lagged, sums, counts, GIVEN)
            """;

    private static final String LAST_IN_WINDOW = """
                newest = torch.index_select(latest, 0, place)
                near = torch.ge(newest, torch.maximum(torch.sub(place, PAST), start))
                found = torch.index_select(targets, 0, torch.clamp_min(newest, 0))
                last = torch.unsqueeze(self.level_of(torch.where(near, found, self.center)), 1)
            """;
}
