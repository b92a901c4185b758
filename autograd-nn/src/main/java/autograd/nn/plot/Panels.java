package autograd.nn.plot;

import java.awt.Graphics2D;
import java.util.List;

/**
 * Charts side by side with separate axes, for numbers of different scales, such as a loss and an accuracy.
 *
 * {@snippet :
 * new Panels(new Chart("Loss", "epoch", "loss").line("train", losses),
 *         new Chart("Test accuracy", "epoch", "accuracy").line("test", accuracies)).save(Path.of("training.png"));
 * }
 */
public final class Panels extends Plot {
    private final List<Chart> charts;

    /**
     * Charts from left to right.
     *
     * @param charts
     *            at least one chart
     */
    public Panels(Chart... charts) {
        if (charts.length == 0)
            throw new IllegalArgumentException("Panels: there is nothing to draw; give at least one chart");
        this.charts = List.of(charts);
    }

    @Override
    Size size() {
        return new Size(charts.stream().mapToInt(c -> c.size().width()).sum(),
                charts.stream().mapToInt(c -> c.size().height()).max().orElseThrow());
    }

    @Override
    void paint(Graphics2D g) {
        int x = 0;
        for (Chart chart : charts) {
            g.translate(x, 0);
            chart.paint(g);
            g.translate(-x, 0);
            x += chart.size().width();
        }
    }
}
