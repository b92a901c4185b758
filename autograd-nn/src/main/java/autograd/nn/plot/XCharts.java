package autograd.nn.plot;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.DType;

import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Draws charts by XChart. A separate class, because the library may be absent. */
final class XCharts {
    private static final int CELLS = 120;
    private static final double MARGIN = 0.08, REGION = 0.3;

    private XCharts() {}

    static void paint(Chart chart, Graphics2D g) {
        var x = new XYChart(chart.size().width(), chart.size().height());
        x.setTitle(chart.title);
        x.setXAxisTitle(chart.xLabel);
        x.setYAxisTitle(chart.yLabel);
        style(x);
        x.getStyler().setYAxisLogarithmic(chart.logarithmic).setYAxisLogarithmicDecadeOnly(decades(chart) > 3);
        if (chart.regions != null)
            regions(x, chart.series, chart.regions);
        for (var kind : Chart.Kind.values()) // bands first, points last
            chart.series.stream().filter(s -> s.kind() == kind).forEach(s -> add(x, s));
        x.getStyler().setLegendVisible(
                x.getSeriesCollection().stream().filter(XYSeries::isShowInLegend).count() > 1);
        x.paint(g, x.getWidth(), x.getHeight());
    }

    /** The number of powers of ten that the axis spans: if it is small, numbers between them get labels, too. */
    private static double decades(Chart chart) {
        DoubleSummaryStatistics y = range(chart.series.stream().map(Chart.Series::y).toList());
        return Math.log10(y.getMax() / y.getMin());
    }

    private static DoubleSummaryStatistics range(List<double[]> numbers) {
        return numbers.stream().flatMapToDouble(Arrays::stream).filter(Double::isFinite).summaryStatistics();
    }

    private static void style(XYChart x) {
        var style = x.getStyler();
        style.setLocale(Locale.ROOT);
        style.setChartBackgroundColor(Color.WHITE).setPlotBackgroundColor(Color.WHITE);
        style.setPlotBorderColor(Color.GRAY).setLegendBorderColor(Color.LIGHT_GRAY);
        style.setChartTitleBoxVisible(false).setChartTitlePadding(10)
                .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
        style.setLegendPosition(LegendPosition.OutsideE).setMarkerSize(7);
        style.setXAxisTickMarkSpacingHint(100); // enough space for labels of thousands
        style.setPlotGridLinesColor(new Color(0xE4E4E4)).setPlotGridLinesStroke(new BasicStroke(1));
        style.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        style.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    }

    private static void add(XYChart chart, Chart.Series s) {
        XYSeries series = chart.addSeries(s.name(), s.x(), s.y());
        Color colour = Palette.of(s.colour());
        series.setMarker(SeriesMarkers.NONE);
        series.setLineStyle(new BasicStroke(2));
        series.setLineColor(colour);
        switch (s.kind()) {
            case LINE -> series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
            case BAND -> {
                series.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
                series.setFillColor(Palette.tint(colour, REGION));
                series.setLineColor(Palette.tint(colour, REGION));
                series.setShowInLegend(false);
            }
            case POINTS -> {
                series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
                series.setMarker(SeriesMarkers.CIRCLE);
                series.setMarkerColor(colour);
            }
        }
    }

    /** Cells in a grid around all points, a series for each class. */
    private static void regions(XYChart chart, List<Chart.Series> all, Function<Tensor, IntTensor> classify) {
        double[] x = grid(all.stream().map(Chart.Series::x).toList()),
                y = grid(all.stream().map(Chart.Series::y).toList());
        double[] points = new double[2 * CELLS * CELLS];
        for (int i = 0; i < CELLS * CELLS; i++) {
            points[2 * i] = x[i % CELLS];
            points[2 * i + 1] = y[i / CELLS];
        }
        int[] classes = classify.apply(Tensor.of(DType.F32, points, CELLS * CELLS, 2)).toArray();
        if (classes.length != CELLS * CELLS)
            throw new IllegalArgumentException("Chart: the classifier of regions must give a class for each of [n, 2] "
                    + "points; it gave " + classes.length + " for " + CELLS * CELLS);
        var style = chart.getStyler();
        style.setXAxisMin(x[0]).setXAxisMax(x[CELLS - 1]).setYAxisMin(y[0]).setYAxisMax(y[CELLS - 1]);
        style.setPlotGridLinesVisible(false).setPlotContentSize(1);
        for (int c : IntStream.of(classes).distinct().sorted().toArray()) {
            int[] cells = IntStream.range(0, classes.length).filter(i -> classes[i] == c).toArray();
            XYSeries series = chart.addSeries("region " + c,
                    IntStream.of(cells).mapToDouble(i -> points[2 * i]).toArray(),
                    IntStream.of(cells).mapToDouble(i -> points[2 * i + 1]).toArray());
            series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter).setShowInLegend(false);
            series.setMarker(new Cell(1.0 * chart.getWidth() / CELLS, 1.0 * chart.getHeight() / CELLS));
            series.setMarkerColor(Palette.tint(Palette.of(c), REGION));
        }
    }

    private static double[] grid(List<double[]> numbers) {
        DoubleSummaryStatistics range = range(numbers);
        double span = range.getMax() - range.getMin(), margin = span == 0 ? 1 : MARGIN * span;
        double from = range.getMin() - margin, to = range.getMax() + margin;
        return IntStream.range(0, CELLS).mapToDouble(i -> from + (to - from) * i / (CELLS - 1)).toArray();
    }

    /** A rectangular marker without gaps to its neighbours. */
    private static final class Cell extends Marker {
        private final double width, height;

        Cell(double width, double height) {
            this.width = width;
            this.height = height;
        }

        @Override
        public void paint(Graphics2D g, double x, double y, int size) {
            g.fill(new Rectangle2D.Double(x - width / 2, y - height / 2, width, height));
        }
    }
}
