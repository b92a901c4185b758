package autograd.nn.io;

import autograd.Tensor;
import autograd.array.Shape;
import autograd.nn.files.InputFile;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Files of one array in NumPy's
 * <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">npy </a> format, as
 * {@code numpy.save} writes and {@code numpy.load} reads them.
 *
 * <p>
 * Reads every number exactly, as F32 or F64: float16, integers of up to 16 bits and bool become F32; integers
 * of 32 and 64 bits become F64, unless one is beyond 2^53. Other types, such as Python objects, are errors.
 */
public final class Npy {
    private Npy() {}

    /** Writes a tensor; replaces the file when the new one is complete. */
    public static void write(Path file, Tensor x) {
        Stored.demandRank(x.shape().rank(), file.toString());
        AtomicFile.write(file, out -> write(x, out));
    }

    static void write(Tensor x, OutputStream out) throws IOException {
        out.write(NpyHeader.of(x));
        Stored.of(x).write(x, out, "");
    }

    /**
     * Reads a tensor.
     *
     * @param file
     *            little-endian or big-endian, in the order of C or of Fortran
     * @return the array; an error names the file and what is wrong
     */
    public static Tensor read(Path file) {
        return InputFile.read(file, (in, length) -> read(in, length, file.toString()));
    }

    /** Reads a stream whose length is known. */
    static Tensor read(InputStream in, long length, String name) throws IOException {
        NpyHeader header = NpyHeader.read(in, name);
        header.check(length, name);
        Shape shape = header.shape();
        Stored.demandMemory(header.memory(), name);
        if (!header.fortran())
            return Tensor.of(header.type().read(in, header.order(), shape, name));
        int[] axes = IntStream.iterate(shape.rank() - 1, i -> i - 1).limit(shape.rank()).toArray();
        Shape reversed = Shape.of(Arrays.stream(axes).map(shape::dim).toArray());
        return Tensor.of(header.type().read(in, header.order(), reversed, name).permute(axes));
    }
}
