package autograd.nn.plot;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.Rng;
import autograd.nn.metrics.ConfusionMatrix;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

class PlotTest {
    private static final Tensor POINTS = Tensor.rand(new Rng(0), 60, 2).mul(4).sub(2);

    @TempDir
    private Path folder;

    /** 1 right of the line x = 0, else 0. */
    private static IntTensor side(Tensor p) {
        return IntTensor.of(DoubleStream.of(p.slice(1, 0, 1).toDoubleArray()).mapToInt(x -> x > 0 ? 1 : 0).toArray());
    }

    private BufferedImage image(Plot plot) {
        try {
            Path file = folder.resolve("a.png");
            plot.save(file);
            return ImageIO.read(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The number of pixels of about this colour. */
    private static long count(BufferedImage image, Color colour) {
        long count = 0;
        for (int y = 0; y < image.getHeight(); y++)
            for (int x = 0; x < image.getWidth(); x++) {
                var c = new Color(image.getRGB(x, y));
                if (Math.abs(c.getRed() - colour.getRed()) + Math.abs(c.getGreen() - colour.getGreen())
                        + Math.abs(c.getBlue() - colour.getBlue()) < 12)
                    count++;
            }
        return count;
    }

    private static Chart curves() {
        double[] train = {2.3, 0.9, 0.4, 0.2, 0.09, 0.05}, test = {2.2, 1.0, 0.6, 0.5, 0.45, 0.5};
        return new Chart("Training", "epoch", "loss").line("train", train)
                .band(new double[]{2, 0.7, 0.3, 0.1, 0.05, 0.02}, new double[]{2.5, 1.1, 0.5, 0.3, 0.12, 0.08})
                .line("test", test);
    }

    private static Chart moons() {
        return new Chart("Sides", "x", "y").points(POINTS, side(POINTS)).regions(PlotTest::side);
    }

    private static HeatMap heat() {
        var rng = new Rng(1);
        var matrix = new ConfusionMatrix(10);
        for (int i = 0; i < 2000; i++) {
            int label = rng.nextInt(10);
            matrix.add(IntTensor.of(rng.nextInt(10) == 0 ? rng.nextInt(10) : label), IntTensor.of(label));
        }
        return new HeatMap("Digits", matrix);
    }

    private static ImageGrid digits() {
        var grid = new ImageGrid("Predictions", 5);
        for (int i = 0; i < 8; i++)
            grid.add(Tensor.rand(new Rng(i), 28, 28).mul(i / 8.0), i % 3 == 0 ? i + ", not 7" : "" + i, i % 3 != 0);
        return grid.add(Tensor.zeros(28, 28), "black");
    }

    private static void assertSeries(Chart.Series series, Chart.Kind kind, String name, int colour, double[] x,
            double... y) {
        assertEquals(kind, series.kind());
        assertEquals(name, series.name());
        assertEquals(colour, series.colour());
        assertArrayEquals(x, series.x());
        assertArrayEquals(y, series.y());
    }

    /** Lines count from 1, and a band goes out along its lower bounds and back along the upper ones. */
    @Test
    void aChartHasTheSeriesThatItWasGiven() {
        var chart = new Chart("a", "x", "y").line("loss", 3, Double.NaN, 1).band(new double[]{2, 1, 0},
                new double[]{4, 3, 2}).line("other", new double[]{0, 5}, new double[]{7, Double.POSITIVE_INFINITY})
                .band(new double[]{6, 5}, new double[]{8, 9}).points("dots", new double[]{-1}, new double[]{-2});
        assertEquals(5, chart.series.size());
        assertSeries(chart.series.get(0), Chart.Kind.LINE, "loss", 0, new double[]{1, 2, 3}, 3, Double.NaN, 1);
        assertSeries(chart.series.get(1), Chart.Kind.BAND, "band of loss", 0, new double[]{1, 2, 3, 3, 2, 1}, 2, 1, 0,
                2, 3, 4);
        assertSeries(chart.series.get(2), Chart.Kind.LINE, "other", 1, new double[]{0, 5}, 7, Double.NaN);
        assertSeries(chart.series.get(3), Chart.Kind.BAND, "band of other", 1, new double[]{0, 5, 5, 0}, 6, 5, 9, 8);
        assertSeries(chart.series.get(4), Chart.Kind.POINTS, "dots", 2, new double[]{-1}, -2);
    }

    /** Each class has its own colour, even if other classes have no points. */
    @Test
    void pointsAreASeriesForEachClass() {
        Tensor points = Tensor.of(new double[][]{{1, 2}, {3, 4}, {5, 6}});
        var chart = new Chart("a", "x", "y").points(points, IntTensor.of(2, 0, 2)).line("next", 1);
        assertEquals(3, chart.series.size());
        assertSeries(chart.series.get(0), Chart.Kind.POINTS, "class 0", 0, new double[]{3}, 4);
        assertSeries(chart.series.get(1), Chart.Kind.POINTS, "class 2", 2, new double[]{1, 5}, 2, 6);
        assertSeries(chart.series.get(2), Chart.Kind.LINE, "next", 3, new double[]{1}, 1);
    }

    /** A partial row takes as much room as a whole one. */
    @Test
    void aGridHasRoomForAllOfItsRows() {
        var grid = new ImageGrid("a", 3);
        int[] heights = {168, 168, 168, 168, 296, 296, 296, 424};
        for (int tiles = 0; tiles < heights.length; tiles++) {
            assertEquals(new Plot.Size(324, heights[tiles]), grid.size(), tiles + " tiles");
            grid.add(Tensor.ones(2, 2), "");
        }
        var dark = new ImageGrid("a", 1).add(Tensor.ones(1, 1), "").add(Tensor.zeros(1, 1), "");
        assertEquals(Color.BLACK.getRGB(), image(dark).getRGB(2 * (12 + 46), 2 * (40 + 128 + 24 + 91)));
    }

    @Test
    void aHeatMapHasRoomForItsClasses() {
        assertEquals(new Plot.Size(360, 76 + 44 * 2 + 24), new HeatMap("a", new ConfusionMatrix(2)).size());
        assertEquals(new Plot.Size(70 + 44 * 10 + 24, 76 + 44 * 10 + 24), heat().size());
    }

    @Test
    void linesAndBandsHaveTheirColours() {
        for (Chart chart : List.of(curves(), curves().logarithmic())) {
            BufferedImage image = image(chart);
            assertEquals(1440, image.getWidth());
            assertTrue(count(image, Palette.of(0)) > 1000);
            assertTrue(count(image, Palette.of(1)) > 1000);
            assertTrue(count(image, Palette.tint(Palette.of(0), 0.3)) > 5000);
        }
    }

    @Test
    void regionsFillTheBackground() {
        BufferedImage image = image(moons());
        long left = count(image, Palette.tint(Palette.of(0), 0.3)),
                right = count(image, Palette.tint(Palette.of(1), 0.3));
        assertEquals(1, left / (double) right, 0.15);
        assertTrue(left + right > 0.4 * image.getWidth() * image.getHeight());
        assertTrue(count(image, Palette.of(0)) > 1000 && count(image, Palette.of(1)) > 1000);
    }

    @Test
    void aSureClassIsDark() {
        var matrix = new ConfusionMatrix(2).add(IntTensor.of(0, 0, 1), IntTensor.of(0, 0, 0));
        BufferedImage image = image(new HeatMap("Two", matrix));
        assertTrue(count(image, Palette.tint(new Color(0x08306B), 2 / 3.0)) > 5000);
        assertTrue(count(image, Palette.tint(new Color(0x08306B), 1 / 3.0)) > 5000);
    }

    @Test
    void captionsAreGreenOrRed() {
        Tensor grey = Tensor.full(0.5, 4, 4);
        BufferedImage right = image(new ImageGrid("Grid", 1).add(grey, "8", true)),
                wrong = image(new ImageGrid("Grid", 1).add(grey, "8", false));
        assertTrue(count(right, Palette.RIGHT) > 20 && count(right, Palette.WRONG) == 0);
        assertTrue(count(wrong, Palette.WRONG) > 20 && count(wrong, Palette.RIGHT) == 0);
        assertTrue(count(right, new Color(128, 128, 128)) > 30_000);
    }

    @Test
    void everyPlotIsSavedAsPngAndSvg() throws IOException {
        int i = 0;
        for (Plot plot : List.of(curves(), curves().logarithmic(), moons(), heat(), digits(),
                new Chart("Line", "x", "y").points("data", new double[]{1, 2, 3}, new double[]{1.1, 1.9, 3.2})
                        .line("fit", new double[]{1, 3}, new double[]{1, 3.1}))) {
            Path png = folder.resolve("new/folder/" + i + ".png"), svg = folder.resolve("new/folder/" + i++ + ".SVG");
            plot.save(png);
            plot.save(svg);
            assertEquals(2 * plot.size().width(), ImageIO.read(png.toFile()).getWidth());
            assertTrue(Files.readString(svg).contains("<svg"));
        }
        try (var files = Files.list(folder.resolve("new/folder"))) {
            assertEquals(12, files.count(), "nothing half-written is left");
        }
    }

    @Test
    void aNumberThatIsNotFiniteBreaksTheLine() {
        image(new Chart("Diverged", "step", "loss").line("loss", 1, 10, Double.POSITIVE_INFINITY, Double.NaN, 2, 1));
        var none = new Chart("Diverged", "step", "loss").line("loss", Double.NaN);
        assertSays(assertThrows(IllegalStateException.class, () -> image(none)), "Chart", "nothing to draw");
    }

    @Test
    void nothingIsWrittenWhenSomethingIsWrong() {
        var chart = new Chart("Zero", "x", "y").line("loss", 1, 0).logarithmic();
        assertSays(assertThrows(IllegalStateException.class, () -> chart.save(folder.resolve("b.png"))), "loss",
                "not above 0");
        assertFalse(Files.exists(folder.resolve("b.png")));
        assertSays(assertThrows(IllegalArgumentException.class, () -> curves().save(folder.resolve("b.gif"))), "b.gif",
                ".png or .svg");
    }

    @Test
    void messageNamesTheMismatchedVariable() {
        var chart = new Chart("Bad", "x", "y");
        assertSays(assertThrows(IllegalStateException.class, () -> chart.band(new double[1], new double[1])), "a line");
        assertSays(assertThrows(IllegalArgumentException.class, () -> chart.line("a", new double[2], new double[3])),
                "a has 2", "3");
        chart.line("a", 1, 2);
        assertSays(assertThrows(IllegalArgumentException.class, () -> chart.line("a", 1, 2)), "named a");
        assertSays(assertThrows(IllegalArgumentException.class, () -> chart.band(new double[2], new double[3])), "a",
                "2 points");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> chart.points(Tensor.zeros(3, 3), IntTensor.of(0, 1, 2))), "[3, 3]", "[n, 2]");
        var regions = moons().regions(_ -> IntTensor.of(1));
        assertSays(assertThrows(IllegalArgumentException.class, () -> image(regions)), "it gave 1");
        assertSays(assertThrows(IllegalArgumentException.class, () -> new ImageGrid("", 0)), "ImageGrid", "0");
        assertSays(assertThrows(IllegalArgumentException.class, () -> digits().add(Tensor.zeros(4), "")), "ImageGrid",
                "[4]");
    }

    @Test
    void panelsStandSideBySideEachOnItsOwnScale() {
        double[] low = {0.92, 0.95, 0.98}, high = {100, 200, 300};
        var panels = new Panels(new Chart("low", "x", "y").line("a", low), new Chart("high", "x", "y").line("b", high));
        BufferedImage both = image(panels);
        BufferedImage left = image(new Chart("low", "x", "y").line("a", low));
        BufferedImage right = image(new Chart("high", "x", "y").line("b", high));
        assertEquals(left.getWidth() + right.getWidth(), both.getWidth());
        assertEquals(left.getHeight(), both.getHeight());
        assertSamePixels(left, both.getSubimage(0, 0, left.getWidth(), left.getHeight()));
        assertSamePixels(right, both.getSubimage(left.getWidth(), 0, right.getWidth(), right.getHeight()));
    }

    private static void assertSamePixels(BufferedImage expected, BufferedImage actual) {
        int w = expected.getWidth(), h = expected.getHeight();
        assertArrayEquals(expected.getRGB(0, 0, w, h, null, 0, w), actual.getRGB(0, 0, w, h, null, 0, w));
    }

    @Test
    void panelsNeedAChart() {
        assertSays(assertThrows(IllegalArgumentException.class, Panels::new), "Panels", "chart");
    }

    @Test
    void aLogarithmicAxisHasLabelsBetweenPowersOfTenWhenItSpansFew() {
        assertEquals(10, labels(0.9, 0.09)); // 0.09, 0.1, 0.2, .. 0.9
        assertEquals(6, labels(0.9, 8e-7)); // 1e-6, 1e-5, .. 0.1
    }

    /** Labels of the y axis, counted in the pixels where they stand. */
    private int labels(double... y) {
        BufferedImage image = image(new Chart("log", "x", "y").line("y", y).logarithmic());
        int labels = 0;
        boolean before = false;
        for (int i = 0; i < image.getHeight(); i++) {
            int row = i;
            boolean dark = IntStream.range(50, 100).anyMatch(x -> (image.getRGB(x, row) & 0xFF) < 0x60);
            if (dark && !before)
                labels++;
            before = dark;
        }
        return labels;
    }
}
