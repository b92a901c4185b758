package autograd.nn.data;

import autograd.nn.files.InputFile;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * The pixels of an image: a plane for each channel, each row by row, 0 .. 1. In a class of its own, because
 * java.desktop may be absent.
 *
 * @param height
 *            how many rows
 * @param width
 *            how many pixels a row
 * @param planes
 *            one for grey; three for red, green and blue
 */
record Pixels(int height, int width, float[][] planes) {
    /** The maximal number of bytes for each pixel while decoding, with all copies. */
    private static final int MEMORY = 32;

    // ---- reading

    /** The height and width of an image file, upright; of its header alone. */
    static int[] size(Path file) {
        return InputFile.read(file, (in, _) -> {
            try (var image = new Encoded(in.readAllBytes(), file)) {
                int[] size = image.size();
                return image.orientation() < 5 ? size : new int[]{size[1], size[0]};
            }
        });
    }

    /** The upright image in a file, grey if there is one channel, else red, green and blue. */
    static Pixels read(Path file, int channels) {
        return InputFile.read(file, (in, _) -> {
            try (var image = new Encoded(in.readAllBytes(), file)) {
                return of(image.decode(), file).inChannels(channels).upright(image.orientation());
            }
        });
    }

    /** The bytes of a file and the JDK's reader for them. */
    private static final class Encoded implements AutoCloseable {
        /** Deflated data never become longer than this many times. */
        private static final int MAX_INFLATION = 1032;
        /** A block of 64 pixels has at least one bit. */
        private static final int MAX_PIXELS_PER_BYTE = 8 * 64;
        private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
        private static final byte[] JPEG = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF};

        private final byte[] bytes;
        private final Path file;
        private final boolean png;
        private final ImageReader reader;

        Encoded(byte[] bytes, Path file) {
            this.bytes = bytes;
            this.file = file;
            this.png = begins(PNG);
            if (!png && !begins(JPEG))
                throw new IllegalArgumentException(file + " is not a PNG or JPEG image, whatever its name says");
            if (!png && Exif.coloursOfJpeg(bytes) == 4)
                throw new IllegalArgumentException(file + " has the four colours of a printer (CMYK), which only a "
                        + "colour profile can convert; convert it to RGB");
            this.reader = ImageIO.getImageReadersByFormatName(png ? "png" : "jpeg").next();
            reader.setInput(new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes)), true, true);
        }

        private boolean begins(byte[] with) {
            return bytes.length > with.length && Arrays.equals(bytes, 0, with.length, with, 0, with.length);
        }

        int orientation() { return png ? Exif.ofPng(bytes) : Exif.ofJpeg(bytes); }

        /** Height and width as stored. */
        int[] size() throws IOException {
            return readable(() -> new int[]{reader.getHeight(0), reader.getWidth(0)});
        }

        /** The image, if so few bytes can hold one of its size and memory has room for it. */
        BufferedImage decode() throws IOException {
            int[] size = size();
            long pixels = (long) size[0] * size[1], row = png ? 1 + ((long) size[1] * bitsOfPng() + 7) / 8 : size[1];
            String what = file + " says that it has " + size[0] + " x " + size[1] + " pixels, ";
            if (size[0] * row > (long) bytes.length * (png ? MAX_INFLATION : MAX_PIXELS_PER_BYTE))
                throw new IllegalArgumentException(what + "more than its " + bytes.length + " bytes can hold; it is "
                        + "damaged or made to fill the memory");
            long most = Runtime.getRuntime().maxMemory() / 2;
            if (pixels * MEMORY > most)
                throw new IllegalArgumentException(what + "which would take more than " + most + " bytes, half of what "
                        + "the JVM may use; give more with -Xmx");
            return readable(() -> {
                List<String> warnings = new ArrayList<>();
                reader.addIIOReadWarningListener((_, warning) -> warnings.add(warning));
                BufferedImage image = reader.read(0);
                if (warnings.stream().anyMatch(warning -> warning.contains("premature end"))) // the rest is grey
                    throw new IOException("it is truncated; fetch it again");
                return image;
            });
        }

        private int bitsOfPng() {
            int samples = switch (bytes[25]) {
                case 2 -> 3;
                case 4 -> 2;
                case 6 -> 4;
                default -> 1;
            };
            return bytes[24] * samples;
        }

        private interface Work<T> {
            T done() throws IOException;
        }

        /** Of a damaged file, the JDK throws errors of any kind. */
        private <T> T readable(Work<T> work) throws IOException {
            try {
                return work.done();
            } catch (RuntimeException e) {
                throw new IOException("the image is damaged (" + e + ")", e);
            }
        }

        @Override
        public void close() { reader.dispose(); }
    }

    // ---- colours

    /** One plane of grey or three of colours, before a white background where the image is transparent. */
    private static Pixels of(BufferedImage image, Path file) {
        ColorModel model = image.getColorModel();
        int colours = model.getNumColorComponents(), height = image.getHeight(), width = image.getWidth();
        float[][] planes;
        if (model instanceof ComponentColorModel && (colours == 1 || colours == 3 && model.getColorSpace().isCS_sRGB()))
            planes = samples(image); // as they are in the file: asked for colours, the JDK would correct grey
        else if (Arrays.stream(model.getComponentSize()).allMatch(bits -> bits <= 8))
            planes = converted(image);
        else
            throw new IllegalArgumentException(file + " has colours of more than 8 bits in a colour space that is not "
                    + "sRGB; convert it to sRGB");
        float[][] opaque = Arrays.copyOf(planes,
                planes.length == 2 || planes.length == 4 ? planes.length - 1 : planes.length);
        if (opaque.length < planes.length)
            for (float[] plane : opaque)
                for (int i = 0; i < plane.length; i++) {
                    float alpha = planes[planes.length - 1][i];
                    plane[i] = alpha * plane[i] + (1 - alpha);
                }
        return new Pixels(height, width, opaque);
    }

    /** The bands of an image, 0 .. 1; the last one of two or four is alpha. */
    private static float[][] samples(BufferedImage image) {
        var raster = image.getRaster();
        float[][] planes = new float[raster.getNumBands()][];
        for (int band = 0; band < planes.length; band++) {
            float white = (1 << raster.getSampleModel().getSampleSize(band)) - 1;
            float[] plane = raster.getSamples(0, 0, raster.getWidth(), raster.getHeight(), band, (float[]) null);
            for (int i = 0; i < plane.length; i++)
                plane[i] /= white;
            planes[band] = plane;
        }
        return planes;
    }

    /** Red, green, blue and alpha of palettes and other colour spaces. */
    private static float[][] converted(BufferedImage image) {
        int width = image.getWidth(), height = image.getHeight();
        int[] argb = image.getRGB(0, 0, width, height, null, 0, width);
        float[][] planes = new float[4][argb.length];
        for (int i = 0; i < argb.length; i++)
            for (int band = 0; band < 4; band++)
                planes[band][i] = (argb[i] >> (band == 3 ? 24 : 16 - 8 * band) & 0xFF) / 255f;
        return planes;
    }

    private Pixels inChannels(int channels) {
        if (channels == planes.length)
            return this;
        if (channels == 3)
            return new Pixels(height, width, new float[][]{planes[0], planes[0], planes[0]});
        float[] grey = new float[height * width];
        for (int i = 0; i < grey.length; i++) // luma of ITU-R BT.601
            grey[i] = (float) ((299.0 * planes[0][i] + 587.0 * planes[1][i] + 114.0 * planes[2][i]) / 1000);
        return new Pixels(height, width, new float[][]{grey});
    }

    // ---- geometry

    /** Turned and mirrored as Exif's orientation says. */
    private Pixels upright(int orientation) {
        boolean turned = orientation >= 5;
        boolean flipsRows = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        boolean flipsColumns = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        int rows = turned ? width : height, columns = turned ? height : width;
        float[][] to = new float[planes.length][rows * columns];
        for (int p = 0; p < to.length; p++)
            for (int y = 0; y < rows; y++)
                for (int x = 0; x < columns; x++) {
                    int row = turned ? x : y, column = turned ? y : x;
                    to[p][y * columns + x] = planes[p][(flipsRows ? height - 1 - row : row) * width
                            + (flipsColumns ? width - 1 - column : column)];
                }
        return new Pixels(rows, columns, to);
    }

    /** The same image in another size: each pixel is the mean over the area that it covers. */
    Pixels scaled(int height, int width) {
        if (height == this.height && width == this.width)
            return this;
        Pixels narrow = transposedMeans(width); // [width, this.height]
        return narrow.transposedMeans(height);
    }

    /** Means along rows, and then rows and columns exchanged. */
    private Pixels transposedMeans(int width) {
        float[][] to = new float[planes.length][width * height];
        double scale = (double) this.width / width;
        for (int x = 0; x < width; x++) {
            double begin = x * scale, end = (x + 1) * scale;
            int first = (int) begin, last = Math.min(this.width, (int) Math.ceil(end));
            double[] weights = IntStream.range(first, last)
                    .mapToDouble(i -> Math.min(end, i + 1) - Math.max(begin, i)).toArray();
            double whole = Arrays.stream(weights).sum();
            for (int p = 0; p < to.length; p++)
                for (int y = 0; y < height; y++) {
                    double sum = 0;
                    for (int i = first; i < last; i++)
                        sum += weights[i - first] * planes[p][y * this.width + i];
                    to[p][x * height + y] = (float) (sum / whole);
                }
        }
        return new Pixels(width, height, to);
    }
}
