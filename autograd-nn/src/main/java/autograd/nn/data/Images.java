package autograd.nn.data;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.NdArray;
import autograd.array.Shape;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * Grey images with labels, kept as bytes; a batch has one image flattened along each row, scaled to 0 .. 1.
 */
public final class Images implements Dataset<Tensor, IntTensor> {
    private final byte[] pixels, labels;
    private final int height, width;

    /**
     * Pairs images with labels.
     *
     * @param images
     *            [count, height, width] unsigned bytes
     * @param labels
     *            [count] unsigned bytes
     */
    public Images(Idx images, Idx labels) { this(images, labels, "", ""); }

    private Images(Idx images, Idx labels, String imageFile, String labelFile) {
        if (images.dims().length != 3 || labels.dims().length != 1 || images.dims()[0] != labels.dims()[0])
            throw new IllegalArgumentException(imageFile + "images " + Idx.text(images.dims()) + " and " + labelFile
                    + "labels " + Idx.text(labels.dims()) + " must be [count, height, width] and [count]");
        this.pixels = images.data();
        this.labels = labels.data();
        this.height = images.dims()[1];
        this.width = images.dims()[2];
    }

    /**
     * Reads the training or test part of MNIST, or of a data set in the same four files.
     *
     * @param folder
     *            holds {@code train-images-idx3-ubyte}, {@code t10k-labels-idx1-ubyte} and so on, or the same
     *            with {@code .gz}
     * @param part
     *            {@code train} or {@code t10k}
     * @return the images with their labels
     */
    public static Images mnist(Path folder, String part) {
        Path images = file(folder, part + "-images-idx3-ubyte"), labels = file(folder, part + "-labels-idx1-ubyte");
        return new Images(Idx.read(images), Idx.read(labels), images + ": ", labels + ": ");
    }

    private static Path file(Path folder, String name) {
        Path plain = folder.resolve(name), zipped = folder.resolve(name + ".gz");
        return Files.exists(zipped) && !Files.exists(plain) ? zipped : plain;
    }

    @Override
    public int size() { return labels.length; }

    /** The number of rows of pixels. */
    public int height() { return height; }

    /** The number of pixels in a row. */
    public int width() { return width; }

    @Override
    public Batch<Tensor, IntTensor> batch(int... indices) {
        Shape rows = Shape.of("Images", indices.length, (long) height * width);
        int length = rows.dim(1);
        float[] x = new float[rows.size()];
        for (int row = 0; row < indices.length; row++) {
            int from = Rows.example(indices[row], size()) * length;
            for (int i = 0; i < length; i++)
                x[row * length + i] = (pixels[from + i] & 0xFF) / 255f;
        }
        int[] y = IntStream.of(indices).map(i -> labels[i] & 0xFF).toArray();
        return new Batch<>(Tensor.of(NdArray.of(x, rows)), IntTensor.of(y));
    }
}
