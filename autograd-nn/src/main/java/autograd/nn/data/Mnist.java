package autograd.nn.data;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.nn.files.InputFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The MNIST database of handwritten digits, 28 by 28 grey pixels each. LeCun, Bottou, Bengio and Haffner,
 * Proceedings of the IEEE 1998.
 *
 * @param train
 *            60,000 to learn from
 * @param test
 *            10,000 not to be seen while learning
 * @param source
 *            where they come from, in words
 */
@SuppressWarnings("exports") // annotations are not needed to use this module
public record Mnist(Dataset<Tensor, IntTensor> train, Dataset<Tensor, IntTensor> test, String source) {
    private static final List<URI> MIRRORS = List.of(
            URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/"),
            URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"));

    /** SHA-256 of the files, unzipped. */
    private static final Map<String, String> SUMS = Map.of( //
            "train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2");

    /**
     * Takes the digits from the first of these places that there is: the given folder; the cache, a folder of the
     * user's, {@code ~/.cache/autograd/mnist} unless {@code -Dautograd.cache=FOLDER} names another in place of
     * {@code ~/.cache/autograd}; public mirrors, which fills the cache, unless {@code -Dautograd.download=false};
     * and at last what the program brings along. Each time, an error if a property has a value that is not
     * possible.
     *
     * @param folder
     *            holds MNIST's four IDX files, gzipped or plain; null for none. What is wrong with it is an
     *            error.
     * @param embedded
     *            digits for when nothing else is there
     * @return the digits, and where they come from
     */
    public static Mnist load(@Nullable Path folder, Supplier<Split<Tensor, IntTensor>> embedded) {
        return load(folder, new Download(mayDownload() ? MIRRORS : List.of(), SUMS, cache().resolve("mnist")),
                embedded);
    }

    private static boolean mayDownload() {
        String value = System.getProperty("autograd.download", "true");
        if (!value.equals("true") && !value.equals("false"))
            throw new IllegalArgumentException("-Dautograd.download=" + value + " is not possible: use true or false");
        return value.equals("true");
    }

    private static Path cache() {
        String value = System.getProperty("autograd.cache");
        if (value == null)
            return Path.of(System.getProperty("user.home"), ".cache", "autograd");
        String refusal = "-Dautograd.cache=" + value + " is not possible: use the path of a folder";
        try {
            Path folder = Path.of(value);
            if (value.isBlank() || Files.exists(folder) && !Files.isDirectory(folder))
                throw new IllegalArgumentException(refusal);
            return folder;
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(refusal, e);
        }
    }

    /** The digits of the cache or of a mirror, or at last the {@link #embedded} ones. */
    public static Mnist load() {
        return load(null);
    }

    /** The same, from a folder if it is not null. */
    public static Mnist load(@Nullable Path folder) {
        return load(folder, () -> {
            Mnist digits = embedded();
            return new Split<>(digits.train, digits.test);
        });
    }

    /**
     * The first 10,000 of the training digits in a random order, which the jar of autograd-examples brings along:
     * 8,000 to learn from, 2,000 to be tested on.
     */
    public static Mnist embedded() {
        Images all = new Images(resource("digits-images-idx3-ubyte.gz"), resource("digits-labels-idx1-ubyte.gz"));
        Split<Tensor, IntTensor> digits = all.split(0.8);
        return new Mnist(digits.train(), digits.test(), "embedded digits");
    }

    private static Idx resource(String name) {
        try (InputStream in = Mnist.class.getClassLoader().getResourceAsStream("META-INF/autograd/" + name)) {
            if (in == null)
                throw new IllegalStateException("there are no embedded digits: add the jar of autograd-examples, which "
                        + "has " + name + ", or name a folder with MNIST's four IDX files");
            return Idx.read(in, name);
        } catch (IOException e) {
            throw InputFile.cannot("read", name, e);
        }
    }

    static Mnist load(@Nullable Path folder, Download download, Supplier<Split<Tensor, IntTensor>> embedded) {
        if (folder != null)
            return read(folder, "the folder " + folder);
        try {
            boolean cached = download.isComplete();
            String source = cached ? "the cache " + download.cache() : "the mirror " + download.fetch().getHost();
            return read(download.cache(), source);
        } catch (UncheckedIOException e) {
            Split<Tensor, IntTensor> digits = embedded.get();
            return new Mnist(digits.train(), digits.test(), "embedded digits, for " + e.getMessage());
        }
    }

    private static Mnist read(Path folder, String source) {
        return new Mnist(Images.mnist(folder, "train"), Images.mnist(folder, "t10k"), source);
    }
}
