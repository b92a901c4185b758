package autograd.nn.io;

import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Shape;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Files that NumPy 2.4 and safetensors 0.8 wrote, and what is in them. */
final class Golden {
    /** In the files called reference, among others. */
    static final Tensor MATRIX = Tensor.of(new float[]{Float.NaN, -0f, 0, 0.25f, 0.5f, Float.POSITIVE_INFINITY}, 2, 3);
    static final Tensor VECTOR = Tensor.of(DType.F64, 1. / 3, -1e300);

    private Golden() {}

    static Path path(String name) {
        try {
            return Path.of(Golden.class.getResource("/io/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] bytes(String name) {
        try {
            return Files.readAllBytes(path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Demands the same dtype, shape and numbers, to the sign of zero. */
    static void assertSame(Tensor expected, Tensor got) {
        assertEquals(expected.dtype(), got.dtype());
        assertEquals(expected.shape(), got.shape());
        assertArrayEquals(expected.toDoubleArray(), got.toDoubleArray());
    }

    static void assertNumbers(Tensor got, DType dtype, Shape shape, double... numbers) {
        assertSame(Tensor.of(dtype, numbers, shape.dims()), got);
    }
}
