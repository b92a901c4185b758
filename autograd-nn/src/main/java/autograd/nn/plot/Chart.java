package autograd.nn.plot;

import autograd.IntTensor;
import autograd.Tensor;

import org.jspecify.annotations.Nullable;

import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A chart with two axes: lines, such as the loss of each epoch, with bands around them; points, by class; and
 * the decision regions of a classifier.
 *
 * {@snippet :
 * new Chart("Training", "epoch", "loss").line("train", losses).logarithmic().save(Path.of("loss.png"));
 * new Chart("Moons", "x", "y").points(x, labels).regions(p -> model.forward(p).argMax(-1)).save(Path.of("moons.svg"));
 * }
 */
public final class Chart extends Plot {
    /** The way to draw a series. */
    enum Kind {
        BAND, LINE, POINTS
    }

    /** Named numbers, with the index of their colour. */
    record Series(Kind kind, String name, int colour, double[] x, double[] y) {}

    final String title, xLabel, yLabel;
    final List<Series> series = new ArrayList<>();
    boolean logarithmic;
    @Nullable
    Function<Tensor, IntTensor> regions;
    private int colours;

    /** An empty chart. */
    public Chart(String title, String xLabel, String yLabel) {
        this.title = title;
        this.xLabel = xLabel;
        this.yLabel = yLabel;
    }

    /** A line through numbers at 1, 2, 3, .. */
    public Chart line(String name, double... y) {
        return line(name, IntStream.rangeClosed(1, y.length).asDoubleStream().toArray(), y);
    }

    /** A line through points (x, y), in that order; it is broken where y is not finite. */
    public Chart line(String name, double[] x, double[] y) {
        return add(Kind.LINE, name, x, y);
    }

    /**
     * A band around the line that was added last, such as the spread of several runs.
     *
     * @param low
     *            the lower bound at each point of the line
     * @param high
     *            the upper bound at each point of the line
     * @return this chart
     */
    public Chart band(double[] low, double[] high) {
        if (series.isEmpty() || series.getLast().kind != Kind.LINE)
            throw new IllegalStateException("Chart: a band goes around a line, add that first");
        Series line = series.getLast();
        int n = line.x.length;
        if (low.length != n || high.length != n)
            throw new IllegalArgumentException("Chart: the band around " + line.name + " has " + low.length + " and "
                    + high.length + " bounds, the line " + n + " points");
        double[] x = Arrays.copyOf(line.x, 2 * n), y = Arrays.copyOf(low, 2 * n); // out along low, back along high
        for (int i = 0; i < n; i++) {
            x[2 * n - 1 - i] = line.x[i];
            y[2 * n - 1 - i] = high[i];
        }
        series.add(new Series(Kind.BAND, "band of " + line.name, line.colour, x, y));
        return this;
    }

    /** Points (x, y). */
    public Chart points(String name, double[] x, double[] y) {
        return add(Kind.POINTS, name, x, y);
    }

    /**
     * Points coloured by class.
     *
     * @param points
     *            shape [n, 2]
     * @param classes
     *            shape [n], each at least 0
     * @return this chart
     */
    public Chart points(Tensor points, IntTensor classes) {
        if (points.shape().rank() != 2 || points.shape().dim(1) != 2 || classes.shape().rank() != 1
                || classes.size() != points.shape().dim(0))
            throw new IllegalArgumentException(
                    "Chart: points " + points.shape() + " and classes " + classes.shape() + " must be [n, 2] and [n]");
        double[] x = points.slice(1, 0, 1).toDoubleArray(), y = points.slice(1, 1, 2).toDoubleArray();
        int[] labels = classes.toArray();
        IntStream.of(labels).distinct().sorted().forEach(c -> {
            int[] some = IntStream.range(0, labels.length).filter(i -> labels[i] == c).toArray();
            series.add(new Series(Kind.POINTS, "class " + c, c, IntStream.of(some).mapToDouble(i -> x[i]).toArray(),
                    IntStream.of(some).mapToDouble(i -> y[i]).toArray()));
            colours = Math.max(colours, c + 1);
        });
        return this;
    }

    /**
     * Fills the background with the colours of the classes that a classifier predicts.
     *
     * @param classify
     *            maps points [n, 2] to classes [n], each at least 0
     * @return this chart
     */
    public Chart regions(Function<Tensor, IntTensor> classify) {
        regions = classify;
        return this;
    }

    /** Makes the y axis logarithmic; all y must be above 0. */
    public Chart logarithmic() {
        logarithmic = true;
        return this;
    }

    private Chart add(Kind kind, String name, double[] x, double[] y) {
        if (x.length != y.length)
            throw new IllegalArgumentException(
                    "Chart: " + name + " has " + x.length + " numbers for x and " + y.length + " for y");
        if (series.stream().anyMatch(s -> s.name.equals(name)))
            throw new IllegalArgumentException("Chart: there is a series named " + name + " already");
        double[] finite = Arrays.stream(y).map(v -> Double.isFinite(v) ? v : Double.NaN).toArray();
        series.add(new Series(kind, name, colours++, x.clone(), finite));
        return this;
    }

    @Override
    Size size() { return new Size(720, 480); }

    @Override
    void paint(Graphics2D g) {
        if (series.stream().flatMapToDouble(s -> Arrays.stream(s.y)).noneMatch(Double::isFinite))
            throw new IllegalStateException(
                    "Chart: there is nothing to draw; add a line or points with finite numbers");
        for (Series s : series)
            if (logarithmic && Arrays.stream(s.y).anyMatch(v -> v <= 0))
                throw new IllegalStateException(
                        "Chart: " + s.name + " has a number that is not above 0, which a logarithmic axis cannot show");
        XCharts.paint(this, g);
    }
}
