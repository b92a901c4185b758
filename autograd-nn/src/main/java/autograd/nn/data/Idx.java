package autograd.nn.data;

import autograd.nn.files.InputFile;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * An array of unsigned bytes as an IDX file holds it, the format of MNIST: its dimensions, and its bytes in
 * row-major order. The arrays are kept, not copied.
 *
 * @param dims
 *            the length along each of one to four dimensions
 * @param data
 *            as many bytes as the dimensions say, to be read with {@code & 0xFF}
 */
public record Idx(int[] dims, byte[] data) {
    private static final int UNSIGNED_BYTES = 0x08;
    private static final int MAX_RANK = 4;
    private static final int MAX_BYTES = Integer.MAX_VALUE - 16;

    /** Checks that the dimensions and the number of bytes agree. */
    public Idx {
        if (dims.length < 1 || dims.length > MAX_RANK) {
            throw new IllegalArgumentException("an IDX array has 1 to 4 dimensions, got " + dims.length);
        }
        if (product(dims, "this IDX array") != data.length) {
            throw new IllegalArgumentException("dimensions " + text(dims) + " do not fit " + data.length + " bytes");
        }
    }

    /** The length along the first dimension: how many images, or labels, there are. */
    public int size() {
        return dims[0];
    }

    /** Reads an IDX file, gzipped or plain. */
    public static Idx read(Path file) {
        return InputFile.read(file, (in, _) -> read(in, file.toString()));
    }

    /** Reads IDX data, gzipped or plain, to its end; the name stands in messages; the stream is left open. */
    public static Idx read(InputStream in, String name) {
        var bytes = new BufferedInputStream(in);
        try {
            bytes.mark(2);
            boolean zipped = bytes.read() == 0x1F && bytes.read() == 0x8B;
            bytes.reset();
            return zipped ? unzip(bytes.readAllBytes(), name) : parse(bytes, name);
        } catch (IOException e) {
            throw InputFile.cannot("read", name, e);
        }
    }

    private static Idx unzip(byte[] zipped, String name) throws IOException {
        try (var in = new Unzipped(zipped)) {
            Idx idx = parse(in, name);
            if (in.leftover()) { throw bad(name, "is too long: other bytes follow its gzip data; fetch it again"); }
            return idx;
        } catch (EOFException e) {
            throw bad(name, "is truncated: its gzip data end too early; fetch it again", e);
        } catch (ZipException e) {
            throw bad(name, "is damaged: its gzip data are wrong (" + e.getMessage() + "); fetch it again", e);
        }
    }

    private static Idx parse(InputStream in, String name) throws IOException {
        int[] dims = header(in, name);
        int promised = product(dims, name);
        long most = Runtime.getRuntime().maxMemory() / 4; // it is there twice for a moment, and numbers are longer
        byte[] data = in.readNBytes((int) Math.min(promised, most)); // grows with what is there
        if (data.length == most && most < promised) {
            throw bad(name, "has " + text(dims) + " = " + promised + " bytes, more than a quarter of the memory that "
                    + "the JVM may use; check that it is the file you mean, or give more with -Xmx");
        }
        if (data.length < promised) {
            throw bad(name, "is truncated: its header promises " + text(dims) + " = " + promised + " bytes, it holds "
                    + data.length + "; fetch it again");
        }
        if (in.read() >= 0) {
            throw bad(name, "is too long: its header promises " + text(dims) + " = " + promised
                    + " bytes, and more follow; fetch it again");
        }
        return new Idx(dims, data);
    }

    private static int[] header(InputStream in, String name) throws IOException {
        int rank = rank(readHeader(in, 4, name), name);
        var lengths = new DataInputStream(new ByteArrayInputStream(readHeader(in, 4 * rank, name)));
        int[] dims = new int[rank];
        for (int i = 0; i < rank; i++) { dims[i] = lengths.readInt(); }
        return dims;
    }

    private static int rank(byte[] magic, String name) {
        if (magic[0] != 0 || magic[1] != 0) {
            throw bad(name,
                    String.format(Locale.ROOT, "is not an IDX file: it begins with the bytes %02X %02X, not 00 00; "
                            + "check that it is the file you mean", magic[0], magic[1]));
        }
        if (magic[2] != UNSIGNED_BYTES) {
            throw bad(name,
                    String.format(Locale.ROOT,
                            "holds elements of IDX type 0x%02X, but only 0x08, unsigned bytes, is read; "
                                    + "convert it",
                            magic[2]));
        }
        if (magic[3] < 1 || magic[3] > MAX_RANK) {
            throw bad(name, "says it has " + (magic[3] & 0xFF) + " dimensions, but only 1 to 4 are read; "
                    + "check that it is the file you mean");
        }
        return magic[3];
    }

    private static byte[] readHeader(InputStream in, int count, String name) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) { throw bad(name, "is truncated: it ends within its header; fetch it again"); }
        return bytes;
    }

    private static int product(int[] dims, String name) {
        long product = 1;
        for (int dim : dims) {
            product = dim < 0 ? Long.MAX_VALUE : product * dim;
            if (product > MAX_BYTES) {
                throw bad(name, "says it has " + text(dims) + " bytes, more than one array can hold; "
                        + "check that it is the file you mean");
            }
        }
        return (int) product;
    }

    static String text(int[] dims) {
        return Arrays.stream(dims).mapToObj(Integer::toUnsignedString).collect(Collectors.joining(" x "));
    }

    private static IllegalArgumentException bad(String name, String why) {
        return new IllegalArgumentException(name + " " + why);
    }

    private static IllegalArgumentException bad(String name, String why, Exception cause) {
        return new IllegalArgumentException(name + " " + why, cause);
    }

    /** Unzips bytes all given at once, so that the bytes left at the end are known. */
    private static final class Unzipped extends GZIPInputStream {
        private static final int TRAILER = 8;

        Unzipped(byte[] zipped) throws IOException { super(new ByteArrayInputStream(zipped), zipped.length); }

        boolean leftover() { return inf.getRemaining() > TRAILER; }
    }
}
