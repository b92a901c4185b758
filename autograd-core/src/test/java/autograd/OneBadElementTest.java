package autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.check.Explain;
import autograd.kernels.Form;
import autograd.kernels.Kernels;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** One element that is not finite, or one index out of range, is detected at every position. */
class OneBadElementTest {
    /** Not a multiple of a vector's length, nor of several vectors. */
    private static final int MANY = 4099;

    @ParameterizedTest
    @EnumSource
    void kernelsFindNonFiniteElements(DType dtype) {
        for (Form form : Form.values()) {
            NdArray x = form.of(dtype, Shape.of(MANY), () -> 1);
            assertTrue(Kernels.get().allFinite(x));
            for (int i = 0; i < MANY; i++) {
                int at = x.layout().at(i);
                x.storage().set(at, i % 2 == 0 ? Double.NaN : Double.POSITIVE_INFINITY);
                assertFalse(Kernels.get().allFinite(x), form + " at " + i);
                x.storage().set(at, 1);
            }
        }
    }

    @Test
    void explainNamesTheOperationThatMadeIt() {
        float[] ones = new float[MANY];
        Arrays.fill(ones, 1);
        Variable w = new Variable("w", Tensor.ones(MANY));
        for (int i = 0; i < MANY; i++) {
            ones[i] = 0;
            Tensor divisor = Tensor.of(ones);
            ones[i] = 1;
            try (var tape = new GradientTape()) {
                String why = Explain.nonFinite(tape, w.mul(2).div(divisor).sum()).orElseThrow();
                assertTrue(why.startsWith("div made a tensor [4099] (0 NaN, 1 infinite of 4099"), why);
            }
        }
    }

    @Test
    void explainNamesTheVariableThatHoldsIt() {
        for (int i = 0; i < MANY; i++) {
            float[] values = new float[MANY];
            values[i] = Float.NaN;
            Variable w = new Variable("w", Tensor.of(values));
            try (var tape = new GradientTape()) {
                String why = Explain.nonFinite(tape, w.tanh().mean()).orElseThrow();
                assertTrue(why.startsWith("variable w [4099] (1 NaN"), why);
            }
        }
    }

    /** Operations with one index for each row of a matrix, or for each element. */
    private static final Map<String, BiFunction<Tensor, IntTensor, Object>> TAKERS = new TreeMap<>(Map.of(
            "sparseSoftmaxCrossEntropy", Tensor::sparseSoftmaxCrossEntropy,
            "gather", (x, index) -> x.gather(1, index.reshape(-1, 1)),
            "gather of several", (x, index) -> x.gather(1, several(index)),
            "scatterAdd", (x, index) -> x.slice(1, 0, 1).scatterAdd(1, index.reshape(-1, 1), x.shape()),
            "scatterAdd of several", (x, index) -> x.slice(1, 0, 3).scatterAdd(1, several(index), x.shape()),
            "indexSelect", (x, index) -> x.indexSelect(1, index),
            "oneHot", (x, index) -> index.oneHot(x.dtype(), x.shape().dim(1))));

    /** [n, 3] with the index in the last column. */
    private static IntTensor several(IntTensor index) {
        int[] all = new int[3 * index.size()];
        for (int i = 0; i < index.size(); i++)
            all[3 * i + 2] = index.get(i);
        return IntTensor.of(all, index.size(), 3);
    }

    /** The indices contiguous, as a slice with an offset, and with stride 2. */
    private static IntTensor[] views(int[] index) {
        int n = index.length;
        int[] behind = new int[n + 5], apart = new int[2 * n];
        System.arraycopy(index, 0, behind, 3, n);
        IntStream.range(0, n).forEach(i -> apart[2 * i + 1] = index[i]);
        return new IntTensor[]{IntTensor.of(index), IntTensor.of(behind).slice(3, n + 3),
                IntTensor.of(apart, n, 2).slice(1, 1, 2).reshape(n)};
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 16, 33, 300})
    void indicesOutOfRangeAreFoundInEveryLine(int classes) {
        int lines = 131;
        Tensor x = Tensor.randn(new Rng(1), lines, classes);
        int[] index = IntStream.range(0, lines).map(i -> i * 7 % classes).toArray();
        TAKERS.forEach((name, take) -> {
            for (IntTensor right : views(index))
                take.apply(x, right);
            for (int line = 0; line < lines; line++) {
                int before = index[line];
                for (int bad : new int[]{-1, classes, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
                    index[line] = bad;
                    for (IntTensor wrong : views(index)) {
                        String message = assertThrows(IndexOutOfBoundsException.class, () -> take.apply(x, wrong),
                                () -> name + " with " + bad).getMessage();
                        assertTrue(message.startsWith(name.split(" ")[0]) && message.contains(" " + bad + " "),
                                message);
                    }
                }
                index[line] = before;
            }
        });
        assertEquals(7, TAKERS.size());
    }
}
