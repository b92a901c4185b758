package autograd.kernels.vector;

import autograd.array.DType;
import autograd.array.Shape;
import autograd.kernels.Convolution;
import autograd.kernels.Convolution.Part;
import autograd.kernels.Form;
import autograd.kernels.Kit;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Work that does not divide evenly among threads and blocks, with numbers and labels without repetition. The
 * build runs it on 1, 2, 3 and 5 threads.
 */
class UnevenWorkTest {
    @ParameterizedTest
    @CsvSource({"301, 260", "7001, 10", "40000, 2", "20011, 7", "5, 40013", "131, 1009"})
    void rowsAndColumns(int m, int n) {
        for (DType dtype : DType.values()) {
            Agreement.rows(dtype, m, n);
            Agreement.axes(dtype, m, n);
            Agreement.picks(dtype, m, n, 3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void largestOfManyRows(DType dtype) {
        Agreement.largest(1, Form.CONTIGUOUS.of(dtype, Shape.of(40_000, 64), Kit.whole(1, 1 << 20)));
    }

    @ParameterizedTest
    @CsvSource({"1, 20000, 20", "20000, 1, 20", "1, 20, 20000", "1, 4099, 131", "101, 67, 59", "333, 222, 111"})
    void products(int m, int n, int k) {
        for (DType dtype : DType.values())
            Agreement.matmul(dtype, m, n, k);
    }

    @ParameterizedTest
    @CsvSource({"101, 9, 10, 40", "7, 61, 53, 47", "13, 1, 100, 300"})
    void batches(int count, int m, int n, int k) {
        for (DType dtype : DType.values())
            Agreement.matmuls(dtype, count, m, n, k);
    }

    @ParameterizedTest
    @CsvSource({"101, 1, 3, 12, 1", "13, 3, 5, 20, 2", "9, 2, 1, 28, 1"})
    void convolutions(int images, int in, int out, int extent, int stride) {
        for (DType dtype : DType.values())
            Agreement.convolve(dtype, images, in, out, extent, extent + 1, 3, stride, 1, 1, 2);
    }

    @ParameterizedTest
    @EnumSource
    void gradientOfKernelsFromManyImages(DType dtype) {
        Agreement.convolve(dtype, new Convolution(Shape.of(64, 8, 28, 28), Shape.of(5, 8, 3, 3),
                Shape.of(64, 5, 26, 26), 1, 0, 1, 1), Part.KERNEL);
    }

    @ParameterizedTest
    @EnumSource
    void elementsAndPooling(DType dtype) {
        Agreement.elements(dtype, 200_003);
        Agreement.finite(dtype, 200_003);
        Agreement.moves(dtype, 701, 103);
        Agreement.pool(dtype, 149, 31, 33, 3, 2, 1);
    }
}
