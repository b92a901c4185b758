package autograd.nn.plot;

import autograd.Tensor;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Grey images in rows, each under a caption, such as a prediction: green if it is right, red if it is wrong.
 */
public final class ImageGrid extends Plot {
    private static final int SIDE = 92, GAP = 12, CAPTION = 24, TITLE = 40;

    private record Tile(Tensor image, String caption, Color colour) {}

    private final String title;
    private final int columns;
    private final List<Tile> tiles = new ArrayList<>();

    /**
     * A grid without images yet.
     *
     * @param title
     *            above all images
     * @param columns
     *            how many images a row has, at least 1
     */
    public ImageGrid(String title, int columns) {
        if (columns < 1)
            throw new IllegalArgumentException("ImageGrid: needs at least one column, got " + columns);
        this.title = title;
        this.columns = columns;
    }

    /**
     * Adds an image with a caption in black.
     *
     * @param image
     *            shape [height, width]; 0 is black, 1 is white, and what is beyond is brought in between
     * @param caption
     *            a word or two
     * @return this grid
     */
    public ImageGrid add(Tensor image, String caption) { return add(image, caption, Color.BLACK); }

    /** Adds an image with a caption: green if the prediction is right, red if it is wrong. */
    public ImageGrid add(Tensor image, String caption, boolean right) {
        return add(image, caption, right ? Palette.RIGHT : Palette.WRONG);
    }

    private ImageGrid add(Tensor image, String caption, Color colour) {
        if (image.shape().rank() != 2 || image.size() == 0)
            throw new IllegalArgumentException("ImageGrid: the image " + image.shape() + " must be [height, width]");
        tiles.add(new Tile(image, caption, colour));
        return this;
    }

    @Override
    Size size() {
        int rows = Math.max(1, Math.ceilDiv(tiles.size(), columns));
        return new Size(GAP + columns * (SIDE + GAP), TITLE + rows * (SIDE + CAPTION + GAP));
    }

    @Override
    void paint(Graphics2D g) {
        var page = new Page(g, size());
        page.text(title, size().width() / 2.0, 26, new Font(Font.SANS_SERIF, Font.BOLD, 16), Color.BLACK);
        for (int i = 0; i < tiles.size(); i++) {
            int x = GAP + i % columns * (SIDE + GAP), y = TITLE + i / columns * (SIDE + CAPTION + GAP);
            Tile tile = tiles.get(i);
            page.text(tile.caption, x + SIDE / 2.0, y + CAPTION - 8, new Font(Font.SANS_SERIF, Font.BOLD, 13),
                    tile.colour);
            g.drawImage(picture(tile.image), x, y + CAPTION, SIDE, SIDE, null);
        }
    }

    private static BufferedImage picture(Tensor image) {
        int height = image.shape().dim(0), width = image.shape().dim(1);
        double[] values = image.toDoubleArray();
        var picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < values.length; i++) {
            int grey = (int) Math.round(255 * Math.clamp(values[i], 0.0, 1.0));
            picture.setRGB(i % width, i / width, new Color(grey, grey, grey).getRGB());
        }
        return picture;
    }
}
