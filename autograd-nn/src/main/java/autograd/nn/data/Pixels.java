package autograd.nn.data;

import java.awt.RenderingHints;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** The numbers in an image file. Apart from {@link ImageFolders}, because java.desktop may be absent. */
final class Pixels {
    private Pixels() {}

    /** Height and width. */
    static int[] size(Path file) {
        BufferedImage image = image(file);
        return new int[]{image.getHeight(), image.getWidth()};
    }

    /** Writes the pixels, a plane for each channel, 0 .. 1; if they may not be scaled, the size must be right. */
    static void read(Path file, int channels, int height, int width, boolean scaled, float[] to, int at) {
        BufferedImage image = image(file);
        if (image.getHeight() != height || image.getWidth() != width) {
            if (!scaled)
                throw new IllegalArgumentException(file + " is " + image.getHeight() + " x " + image.getWidth()
                        + ", but the first image is " + height + " x " + width
                        + "; use ImageFolders.scaled(folder, channels, height, width)");
            image = scale(image, height, width);
        }
        if (isGrey(image))
            grey(image.getRaster(), channels, to, at);
        else
            colour(image, channels, height, width, to, at);
    }

    private static boolean isGrey(BufferedImage image) {
        return image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    }

    /** As it is in the file: asked for colours, the JDK would correct the gamma. */
    private static void grey(Raster raster, int channels, float[] to, int at) {
        int[] values = raster.getSamples(0, 0, raster.getWidth(), raster.getHeight(), 0, (int[]) null);
        float white = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
        for (int c = 0; c < channels; c++)
            for (int i = 0; i < values.length; i++)
                to[at + c * values.length + i] = values[i] / white;
    }

    private static void colour(BufferedImage image, int channels, int height, int width, float[] to, int at) {
        int[] rgb = image.getRGB(0, 0, width, height, null, 0, width);
        for (int i = 0; i < rgb.length; i++) {
            int red = rgb[i] >> 16 & 0xFF, green = rgb[i] >> 8 & 0xFF, blue = rgb[i] & 0xFF;
            if (channels == 3) {
                to[at + i] = red / 255f;
                to[at + rgb.length + i] = green / 255f;
                to[at + 2 * rgb.length + i] = blue / 255f;
            } else {
                to[at + i] = (299 * red + 587 * green + 114 * blue) / 255000f; // luma of ITU-R BT.601
            }
        }
    }

    private static BufferedImage scale(BufferedImage image, int height, int width) {
        int type = isGrey(image)
                ? BufferedImage.TYPE_BYTE_GRAY
                : image.getColorModel().hasAlpha() ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB;
        var scaled = new BufferedImage(width, height, type);
        var graphics = scaled.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        return scaled;
    }

    private static BufferedImage image(Path file) {
        try (var in = Files.newInputStream(file)) {
            BufferedImage image = ImageIO.read(in);
            if (image == null)
                throw new IllegalArgumentException(file + " is no PNG or JPEG image");
            return image;
        } catch (IOException | IndexOutOfBoundsException e) { // of a damaged file, the JDK throws both
            throw new UncheckedIOException("cannot read the image " + file + ": " + e.getMessage(),
                    e instanceof IOException io ? io : new IOException(e));
        }
    }
}
