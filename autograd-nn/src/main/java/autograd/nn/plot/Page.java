package autograd.nn.plot;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;

/** A white page to draw on. */
record Page(Graphics2D g) {
    Page(Graphics2D g, Plot.Size size) {
        this(g);
        g.setColor(Color.WHITE);
        g.fill(new Rectangle2D.Double(0, 0, size.width(), size.height()));
    }

    /** Text centred at x, on a base line. */
    void text(String text, double x, double y, Font font, Color colour) {
        g.setFont(font);
        g.setColor(colour);
        g.drawString(text, (float) (x - g.getFontMetrics(font).stringWidth(text) / 2.0), (float) y);
    }

    /** Text that runs upwards, centred at y. */
    void vertical(String text, double x, double y, Font font, Color colour) {
        var before = g.getTransform();
        g.rotate(-Math.PI / 2, x, y);
        text(text, x, y, font, colour);
        g.setTransform(before);
    }

    /** A square. */
    void fill(double x, double y, double size, Color colour) {
        g.setColor(colour);
        g.fill(new Rectangle2D.Double(x, y, size, size));
    }
}
