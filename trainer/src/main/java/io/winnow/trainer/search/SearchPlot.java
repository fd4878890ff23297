package io.winnow.trainer.search;

import io.winnow.trainer.search.Attempt.Phase;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A search as a picture: the validation loss of each attempt, the best so far, and what was to be beaten. */
public final class SearchPlot {
    private static final int WIDTH = 1_000;
    private static final int HEIGHT = 600;
    private static final Color GREY = new Color(0xb0b0b0);
    private static final Color BLUE = new Color(0x3b7dd8);
    private static final Color GREEN = new Color(0x2e8b57);
    private static final Color RED = new Color(0xc0392b);

    private SearchPlot() {}

    /**
     * The picture as PNG.
     *
     * @param title above it
     * @throws IOException if it cannot be encoded
     */
    public static byte[] png(String title, Tuned tuned) throws IOException {
        System.setProperty("java.awt.headless", "true");
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .theme(ChartTheme.XChart)
                .title(title)
                .xAxisTitle("attempt")
                .yAxisTitle("loss on the validation rows")
                .build();
        chart.getStyler()
                .setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter)
                .setMarkerSize(7)
                .setLegendPosition(LegendPosition.InsideNE)
                .setToolTipsEnabled(false)
                .setChartBackgroundColor(Color.WHITE);
        List<Attempt> real =
                tuned.attempts().stream().filter(a -> Double.isFinite(a.loss())).toList();
        dots(chart, real, "a part of the budget", GREY, a -> !a.isFull());
        dots(chart, real, "random start, full budget", BLUE, a -> a.isFull() && a.phase() != Phase.EVOLUTION);
        dots(chart, real, "evolution", GREEN, a -> a.phase() == Phase.EVOLUTION);
        int last = Math.max(1, tuned.attempts().size() - 1);
        double standard = tuned.standard().validation();
        line(chart, "the standard", RED, new double[] {0, last}, new double[] {standard, standard});
        best(chart, real, last);
        cut(chart, real, standard);
        return BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG);
    }

    private static void dots(XYChart chart, List<Attempt> all, String name, Color color, Predicate<Attempt> which) {
        List<Attempt> some = all.stream().filter(which).toList();
        if (!some.isEmpty()) {
            XYSeries series = chart.addSeries(
                    name,
                    some.stream().mapToDouble(Attempt::number).toArray(),
                    some.stream().mapToDouble(Attempt::loss).toArray());
            series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color);
        }
    }

    private static void line(XYChart chart, String name, Color color, double[] x, double[] y) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
        series.setMarker(SeriesMarkers.NONE).setLineColor(color).setLineStyle(new BasicStroke(1.5f));
    }

    /** Of those with the full budget: others are not comparable. */
    private static void best(XYChart chart, List<Attempt> all, int last) {
        List<double[]> corners = new ArrayList<>();
        double least = Double.POSITIVE_INFINITY;
        for (Attempt attempt : all) {
            if (attempt.isFull() && attempt.loss() < least) {
                if (!corners.isEmpty()) {
                    corners.add(new double[] {attempt.number(), least});
                }
                least = attempt.loss();
                corners.add(new double[] {attempt.number(), least});
            }
        }
        if (!corners.isEmpty()) {
            corners.add(new double[] {last, least});
            line(
                    chart,
                    "best so far, full budget",
                    GREEN,
                    corners.stream().mapToDouble(c -> c[0]).toArray(),
                    corners.stream().mapToDouble(c -> c[1]).toArray());
        }
    }

    /** A few wild losses must not flatten the rest. */
    private static void cut(XYChart chart, List<Attempt> all, double standard) {
        double[] losses = all.stream().mapToDouble(Attempt::loss).sorted().toArray();
        if (losses.length == 0) {
            return;
        }
        double least = Math.min(losses[0], standard);
        double most = Math.max(losses[losses.length * 3 / 4], standard);
        if (most > least) {
            double margin = 0.1 * (most - least);
            chart.getStyler()
                    .setYAxisMin(least - margin)
                    .setYAxisMax(Math.min(
                                    Math.max(
                                            standard,
                                            Arrays.stream(losses).max().orElse(most)),
                                    most + 5 * margin)
                            + margin);
        }
    }
}
