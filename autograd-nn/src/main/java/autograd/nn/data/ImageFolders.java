package autograd.nn.data;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.nn.files.InputFile;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Images in folders named after their classes, {@code flowers/daisy/1.jpg}. A file is read when a batch asks
 * for it, so there may be more of them than memory holds; a batch is [n, channels, height, width], 0 .. 1,
 * F32.
 *
 * <p>
 * Classes and files are numbered in the order of their names, where 2 comes before 10. PNG and JPEG files of
 * 8 and 16 bits are read, whatever else is refused, CMYK among it. Images are turned upright as Exif says,
 * and where they are transparent, the background is white.
 */
public final class ImageFolders implements Dataset<Tensor, IntTensor> {
    private static final List<String> ENDINGS = List.of(".png", ".jpg", ".jpeg");
    /** Splits a name into digits and the rest. */
    private static final Pattern PARTS = Pattern.compile("(?<=\\d)(?=\\D)|(?<=\\D)(?=\\d)");
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private final List<String> classes;
    private final List<Path> files = new ArrayList<>();
    private final int[] labels;
    private final int channels, height, width;
    private final boolean scaled;

    /**
     * Images of one size, which is that of the first.
     *
     * @param folder
     *            has a folder for each class, with PNG and JPEG files; other and hidden files are passed over
     * @param channels
     *            1 for grey, 3 for red, green and blue; the images are converted
     */
    public ImageFolders(Path folder, int channels) { this(folder, channels, 0, 0); }

    /**
     * Images that are scaled to a size: each pixel is the mean over the area that it covers.
     *
     * @param folder
     *            has a folder for each class, with PNG and JPEG files; other and hidden files are passed over
     * @param channels
     *            1 for grey, 3 for red, green and blue; the images are converted
     * @param height
     *            how many rows of pixels
     * @param width
     *            how many pixels a row
     * @return the images with their labels
     */
    public static ImageFolders scaled(Path folder, int channels, int height, int width) {
        if (height < 1 || width < 1)
            throw new IllegalArgumentException(
                    "ImageFolders: the size is " + height + " x " + width + ", both must be at least 1");
        Shape.of("ImageFolders", channels, height, width);
        return new ImageFolders(folder, channels, height, width);
    }

    private ImageFolders(Path folder, int channels, int height, int width) {
        if (channels != 1 && channels != 3)
            throw new IllegalArgumentException("ImageFolders: " + channels + " channels, there must be 1 or 3");
        List<Path> folders = list(folder, Files::isDirectory);
        if (folders.isEmpty())
            throw new IllegalArgumentException(folder + " holds no images: there must be a folder for each class, "
                    + "with files that end in .png, .jpg or .jpeg");
        classes = folders.stream().map(f -> f.getFileName().toString()).toList();
        List<Integer> found = new ArrayList<>();
        for (int c = 0; c < classes.size(); c++) {
            List<Path> images = list(folders.get(c), ImageFolders::isImage);
            if (images.isEmpty())
                throw new IllegalArgumentException(
                        folders.get(c) + ", the folder of a class, holds no images: add files "
                                + "that end in .png, .jpg or .jpeg, or delete the folder");
            files.addAll(images);
            found.addAll(Collections.nCopies(images.size(), c));
        }
        labels = found.stream().mapToInt(c -> c).toArray();
        this.channels = channels;
        this.scaled = height > 0;
        int[] first = first(), size = scaled ? new int[]{height, width} : first;
        this.height = size[0];
        this.width = size[1];
    }

    private int[] first() {
        try {
            return Pixels.size(files.getFirst());
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "ImageFolders needs the module java.desktop: add --add-modules java.desktop, or a requires", e);
        }
    }

    private static boolean isImage(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return Files.isRegularFile(file) && ENDINGS.stream().anyMatch(name::endsWith);
    }

    /** By name, so that labels and examples are numbered alike on every machine. */
    private static List<Path> list(Path folder, Predicate<Path> which) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(p -> !p.getFileName().toString().startsWith(".")).filter(which)
                    .sorted((a, b) -> compareNaturally(a.getFileName().toString(), b.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw InputFile.cannot("list the folder", folder, e);
        }
    }

    /** Digits count as the number that they make: 2 comes before 10. */
    private static int compareNaturally(String a, String b) {
        String[] as = PARTS.split(a), bs = PARTS.split(b);
        for (int i = 0; i < Math.min(as.length, bs.length); i++) {
            boolean numbers = NUMBER.matcher(as[i]).matches() && NUMBER.matcher(bs[i]).matches();
            int order = numbers
                    ? new BigInteger(as[i]).compareTo(new BigInteger(bs[i]))
                    : as[i].compareTo(bs[i]);
            if (order != 0)
                return order;
        }
        return as.length == bs.length ? a.compareTo(b) : as.length - bs.length;
    }

    /** The names of the folders; label c stands for the c-th. */
    public List<String> classes() { return classes; }

    /** The file of an example. */
    public Path file(int index) { return files.get(index); }

    @Override
    public int size() { return labels.length; }

    @Override
    public Batch<Tensor, IntTensor> batch(int... indices) {
        Shape images = Shape.of("ImageFolders", indices.length, channels, height, width);
        int plane = height * width;
        float[] x = new float[images.size()];
        for (int row = 0; row < indices.length; row++) {
            Pixels pixels = pixels(files.get(Rows.example(indices[row], size())));
            for (int c = 0; c < channels; c++)
                System.arraycopy(pixels.planes()[c], 0, x, (row * channels + c) * plane, plane);
        }
        int[] y = Arrays.stream(indices).map(i -> labels[i]).toArray();
        return new Batch<>(Tensor.of(NdArray.of(x, images)), IntTensor.of(y));
    }

    private Pixels pixels(Path file) {
        Pixels pixels = Pixels.read(file, channels);
        if (!scaled && (pixels.height() != height || pixels.width() != width))
            throw new IllegalArgumentException(file + " is " + pixels.height() + " x " + pixels.width()
                    + ", but the first image is " + height + " x " + width
                    + "; use ImageFolders.scaled(folder, channels, height, width)");
        return pixels.scaled(height, width);
    }
}
