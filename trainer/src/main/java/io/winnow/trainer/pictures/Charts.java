package io.winnow.trainer.pictures;

import io.winnow.trainer.learn.Learner.Epoch;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.Styler.YAxisPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The charts, each of one kind of figure. */
final class Charts {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 440;
    private static final int MOST_INPUTS = 20;
    private static final int MOST_CLASSES = 12;
    private static final int MOST_LETTERS = 22;
    private static final int BINS = 50;

    private static final Color INK = new Color(0x1d2125);
    private static final Color SOFT = new Color(0x5c656d);
    private static final Color GRID = new Color(0xe2e4e1);
    private static final Color GREEN = new Color(0x1f6f54);

    private Charts() {}

    /** Two axes: the loss that is learned from has no unit, the validation error may have the target's. */
    static Chart<?, ?> loss(Figures figures) {
        XYChart chart = xy("epoch", "training loss");
        double[] epochs = IntStream.rangeClosed(1, figures.curve().size())
                .asDoubleStream()
                .toArray();
        XYSeries loss = chart.addSeries(
                "training loss",
                epochs,
                figures.curve().stream().mapToDouble(Epoch::loss).toArray());
        XYSeries validation = chart.addSeries(
                figures.isRegression() ? "validation: mean absolute error" : "validation: logarithmic loss",
                epochs,
                figures.curve().stream().mapToDouble(Epoch::validation).toArray());
        line(loss, SOFT);
        line(validation, GREEN);
        validation.setYAxisGroup(1);
        chart.setYAxisGroupTitle(1, figures.isRegression() ? "error in the target's unit" : "loss");
        chart.getStyler().setYAxisGroupPosition(1, YAxisPosition.Right);
        chart.getStyler().setLegendVisible(true).setLegendPosition(LegendPosition.InsideNE);
        return chart;
    }

    static Chart<?, ?> scatter(Figures figures) {
        XYChart chart = xy("true " + cut(figures.target()), "predicted");
        double low = Math.min(least(figures.truth()), least(figures.answers()));
        double high = Math.max(-least(negative(figures.truth())), -least(negative(figures.answers())));
        XYSeries perfect = chart.addSeries("perfect", new double[] {low, high}, new double[] {low, high});
        line(perfect, SOFT);
        dots(chart.addSeries("rows", figures.truth(), figures.answers()), GREEN);
        return chart;
    }

    static Chart<?, ?> residuals(Figures figures) {
        XYChart chart = xy("time (UTC)", "true minus predicted");
        List<Date> times = dates(figures.times());
        XYSeries zero = chart.addSeries("zero", List.of(times.get(0), times.get(times.size() - 1)), List.of(0, 0));
        line(zero, SOFT);
        List<Double> errors = IntStream.range(0, times.size())
                .mapToObj(i -> figures.truth()[i] - figures.answers()[i])
                .toList();
        dots(chart.addSeries("rows", times, errors), GREEN);
        return chart;
    }

    /** The share of wrong answers in stretches of as many rows each. */
    static Chart<?, ?> wrong(Figures figures) {
        XYChart chart = xy("time (UTC)", "share of wrong answers");
        int n = figures.times().length;
        int stretch = Math.max(1, n / 40);
        List<Date> times = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        for (int from = 0; from + stretch <= n; from += stretch) {
            int wrong = 0;
            for (int i = from; i < from + stretch; i++) {
                wrong += figures.truth()[i] == figures.answers()[i] ? 0 : 1;
            }
            times.add(new Date(figures.times()[from + stretch / 2]));
            shares.add((double) wrong / stretch);
        }
        line(chart.addSeries("wrong", times, shares), GREEN);
        chart.getStyler().setYAxisMin(0.0);
        return chart;
    }

    /** Of each true class, the share that each class was predicted for; the most frequent classes only. */
    static Chart<?, ?> confusion(Figures figures) {
        int[] counts = new int[figures.classes().size()];
        for (double truth : figures.truth()) {
            counts[(int) truth]++;
        }
        int[] shown = IntStream.range(0, counts.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(k -> -counts[k]))
                .limit(MOST_CLASSES)
                .sorted()
                .mapToInt(Integer::intValue)
                .toArray();
        HeatMapChart chart =
                new HeatMapChartBuilder().width(WIDTH).height(HEIGHT).build();
        chart.setXAxisTitle("predicted " + cut(figures.target()));
        chart.setYAxisTitle("true");
        style(chart.getStyler());
        chart.getStyler().setMin(0).setMax(1);
        chart.getStyler().setShowValue(true).setHeatMapValueDecimalPattern("0.00");
        chart.getStyler().setRangeColors(new Color[] {Color.WHITE, GREEN});
        chart.getStyler().setDrawBorder(true);
        List<String> names = Arrays.stream(shown)
                .mapToObj(k -> cut(figures.classes().get(k)))
                .toList();
        List<Number[]> cells = new ArrayList<>();
        for (int p = 0; p < shown.length; p++) {
            for (int t = 0; t < shown.length; t++) {
                int both = 0;
                for (int i = 0; i < figures.truth().length; i++) {
                    both += figures.truth()[i] == shown[t] && figures.answers()[i] == shown[p] ? 1 : 0;
                }
                cells.add(new Number[] {p, t, both / (double) Math.max(1, counts[shown[t]])});
            }
        }
        chart.addSeries("share of the true class", names, names, cells);
        return chart;
    }

    static Chart<?, ?> importance(Figures figures) {
        List<Figures.Input> inputs = figures.inputs().stream()
                .sorted(Comparator.comparingDouble(Figures.Input::rise).reversed())
                .limit(MOST_INPUTS)
                .toList();
        CategoryChart chart =
                new CategoryChartBuilder().width(WIDTH).height(HEIGHT).build();
        chart.setYAxisTitle(
                figures.isRegression() ? "rise of the mean absolute error" : "rise of the share of wrong answers");
        style(chart.getStyler());
        chart.getStyler().setXAxisLabelRotation(inputs.size() > 6 ? 60 : 0);
        chart.getStyler().setPlotGridVerticalLinesVisible(false);
        chart.getStyler().setAvailableSpaceFill(0.7);
        chart.addSeries(
                        "rise",
                        inputs.stream().map(i -> cut(i.name())).toList(),
                        inputs.stream().map(Figures.Input::rise).toList())
                .setFillColor(GREEN);
        return chart;
    }

    static Chart<?, ?> activations(Figures figures) {
        Bins bins = Bins.of(figures.activations(), BINS);
        XYChart chart = xy("activation of a unit", "share of all units and rows");
        XYSeries series = chart.addSeries("activations", bins.centers(), bins.shares());
        series.setXYSeriesRenderStyle(XYSeriesRenderStyle.StepArea);
        line(series, GREEN);
        series.setFillColor(new Color(0x1f, 0x6f, 0x54, 0x40));
        chart.getStyler().setxAxisTickLabelsFormattingFunction(Charts::number);
        chart.getStyler().setYAxisMin(0.0);
        return chart;
    }

    private static XYChart xy(String x, String y) {
        XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).build();
        chart.setXAxisTitle(x);
        chart.setYAxisTitle(y);
        style(chart.getStyler());
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Line);
        return chart;
    }

    private static void style(AxesChartStyler styler) {
        Font plain = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
        styler.setLocale(Locale.ROOT).setTimezone(TimeZone.getTimeZone("UTC"));
        styler.setAxisTitleFont(plain).setAxisTickLabelsFont(plain).setAxisTickLabelsColor(INK);
        styler.setyAxisTickLabelsFormattingFunction(Charts::number);
        styler.setPlotGridLinesColor(GRID).setPlotGridLinesStroke(new BasicStroke(1));
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setChartFontColor(INK);
        styler.setPlotBorderVisible(false);
        styler.setChartTitleVisible(false);
        styler.setLegendVisible(false);
        styler.setLegendFont(plain);
        styler.setLegendBorderColor(GRID);
    }

    private static void line(XYSeries series, Color color) {
        series.setMarker(SeriesMarkers.NONE);
        series.setLineColor(color);
        series.setLineStyle(new BasicStroke(2));
    }

    private static void dots(XYSeries series, Color color) {
        series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        series.setMarker(SeriesMarkers.CIRCLE);
        series.setMarkerColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 0x60));
    }

    private static String number(double value) {
        // Ticks are round but for the last bits.
        if (Math.abs(value) < 1e-9) {
            return "0";
        }
        return new BigDecimal(value)
                .round(new MathContext(3))
                .stripTrailingZeros()
                .toPlainString();
    }

    private static List<Date> dates(long[] millis) {
        return Arrays.stream(millis).mapToObj(Date::new).toList();
    }

    private static double least(double[] values) {
        return Arrays.stream(values).min().orElse(0);
    }

    private static double[] negative(double[] values) {
        return Arrays.stream(values).map(v -> -v).toArray();
    }

    /** Names come from records: cut, and without what turns text around. */
    private static String cut(String name) {
        String clean = name.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return clean.length() > MOST_LETTERS ? clean.substring(0, MOST_LETTERS - 1) + "…" : clean;
    }
}
