package autograd.examples;

import autograd.nn.data.Dataset;
import autograd.nn.data.Idx;
import autograd.nn.data.Images;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Handwritten digits to learn from and to be tested on.
 *
 * @param train
 *            to learn from
 * @param test
 *            not to be seen while learning
 */
record Digits(Dataset train, Dataset test) {
    private static final int EMBEDDED_TRAIN = 8_000;

    /** MNIST's four IDX files from a folder, or the 10,000 embedded digits; a wrong folder ends the program. */
    static Digits load(@Nullable Path folder) {
        if (folder == null)
            return embedded();
        try {
            return new Digits(Images.mnist(folder, "train"), Images.mnist(folder, "t10k"));
        } catch (UncheckedIOException | IllegalArgumentException e) {
            Options.wrong("--data " + folder + ": " + e.getMessage());
            throw e;
        }
    }

    /**
     * The first 10,000 training images of MNIST in a random order: 8,000 to learn from, 2,000 to be tested on.
     */
    static Digits embedded() {
        Images all = new Images(resource("digits-images-idx3-ubyte.gz"), resource("digits-labels-idx1-ubyte.gz"));
        return new Digits(all.slice(0, EMBEDDED_TRAIN), all.slice(EMBEDDED_TRAIN, all.size()));
    }

    private static Idx resource(String name) {
        try (InputStream in = Objects.requireNonNull(Digits.class.getResourceAsStream(name), name)) {
            return Idx.read(in, name);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
