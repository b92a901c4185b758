package autograd.nn.plot;

import autograd.nn.metrics.ConfusionMatrix;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.util.stream.IntStream;

/** A confusion matrix as a heat map: a cell is darker if it has more of its class's examples. */
public final class HeatMap extends Plot {
    private static final int CELL = 44, LEFT = 70, TOP = 76, MARGIN = 24;
    /** Not 12: the SVG library omits that size, and browsers then use 16. */
    private static final int NUMBER = 13, SMALL = 9;
    private static final Color DARK = new Color(0x08306B);

    private final String title;
    private final ConfusionMatrix matrix;

    /** A map of the current counts. */
    public HeatMap(String title, ConfusionMatrix matrix) {
        this.title = title;
        this.matrix = matrix;
    }

    @Override
    Size size() {
        int cells = CELL * matrix.classes();
        return new Size(Math.max(360, LEFT + cells + MARGIN), TOP + cells + MARGIN);
    }

    @Override
    void paint(Graphics2D g) {
        int n = matrix.classes();
        var page = new Page(g, size());
        page.text(title, size().width() / 2.0, 24, new Font(Font.SANS_SERIF, Font.BOLD, 16), Color.BLACK);
        Font plain = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
        page.text("predicted", LEFT + n * CELL / 2.0, 50, plain, Color.BLACK);
        page.vertical("label", 24, TOP + n * CELL / 2.0, plain, Color.BLACK);
        for (int i = 0; i < n; i++) {
            page.text("" + i, LEFT + (i + 0.5) * CELL, TOP - 6, plain, Color.BLACK);
            page.text("" + i, LEFT - 16, TOP + (i + 0.5) * CELL + 5, plain, Color.BLACK);
            row(page, i);
        }
    }

    private void row(Page page, int label) {
        int n = matrix.classes();
        long total = Math.max(1, IntStream.range(0, n).mapToLong(c -> matrix.count(label, c)).sum());
        for (int c = 0; c < n; c++) {
            long count = matrix.count(label, c);
            double share = count / (double) total;
            page.fill(LEFT + c * CELL, TOP + label * CELL, CELL - 1, Palette.tint(DARK, share));
            page.text("" + count, LEFT + (c + 0.5) * CELL, TOP + (label + 0.5) * CELL + 4,
                    new Font(Font.SANS_SERIF, Font.PLAIN, count < 10_000 ? NUMBER : SMALL),
                    share > 0.5 ? Color.WHITE : count == 0 ? Color.LIGHT_GRAY : Color.BLACK);
        }
    }
}
