package autograd.nn.plot;

import autograd.nn.io.AtomicFile;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;

/** A picture that can be saved. */
public abstract sealed class Plot permits Chart, HeatMap, ImageGrid, Panels {
    /** Pixels of a PNG for each unit, so that it is sharp on any screen. */
    private static final int SCALE = 2;

    Plot() {}

    /** The size of the picture. */
    record Size(int width, int height) {}

    abstract Size size();

    abstract void paint(Graphics2D g);

    /**
     * Saves the picture. The file appears when it is complete; missing folders are created.
     *
     * @param file
     *            its name ends in {@code .png} or {@code .svg}
     */
    public final void save(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".png") && !name.endsWith(".svg"))
            throw new IllegalArgumentException("plot: the name of " + file + " must end in .png or .svg");
        try {
            var bytes = new ByteArrayOutputStream();
            if (name.endsWith(".png"))
                png(bytes);
            else
                Svg.write(this, bytes);
            AtomicFile.write(file, bytes::writeTo);
        } catch (IOException e) {
            throw new AssertionError("streams in memory do not fail", e);
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException("plot: " + file + " needs a library that is not there: charts need "
                    + "org.knowm.xchart:xchart, SVG de.erichseifert.vectorgraphics2d:VectorGraphics2D; "
                    + "in modules add --add-modules xchart,VectorGraphics2D,java.desktop", e);
        }
    }

    private void png(OutputStream out) throws IOException {
        var image = new BufferedImage(SCALE * size().width, SCALE * size().height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.scale(SCALE, SCALE);
        paint(g);
        g.dispose();
        ImageIO.write(image, "png", out);
    }

    /** A separate class, because the library may be absent. */
    private static final class Svg {
        static void write(Plot plot, OutputStream out) throws IOException {
            var g = new VectorGraphics2D();
            plot.paint(g);
            var page = new PageSize(plot.size().width, plot.size().height);
            new SVGProcessor().getDocument(g.getCommands(), page).writeTo(out);
        }
    }
}
