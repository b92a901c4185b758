package autograd.kernels.vector.movement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.array.DType;
import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.kernels.Form;
import autograd.kernels.Kernels;
import autograd.kernels.Kit;
import autograd.kernels.vector.VectorKernels;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.stream.IntStream;

/** Picking along an axis and its transpose, against the scalar kernels, which they equal to the bit. */
class IndexedSlicesTest {
    private static final Kernels S = Kit.K, V = new VectorKernels(S);
    private static final Shape[] SHAPES = {Shape.of(100), Shape.of(30, 7), Shape.of(3, 50), Shape.of(4, 5, 40),
            Shape.of(300, 200)};

    /** The index in any form; and one that is repeated along all axes but one. */
    @ParameterizedTest
    @EnumSource
    void picksAndPuts(Form form) {
        for (DType dtype : DType.values())
            for (Shape shape : SHAPES)
                for (int axis = 0; axis < shape.rank(); axis++)
                    for (int count : new int[]{1, 9, 70, 400}) {
                        Shape picked = shape.with(axis, count);
                        Form.Ints any = Form.Ints.of(form, picked, Kit.whole(1, shape.dim(axis)));
                        assertAgrees(form, dtype, shape, axis, any.data(), any.layout());
                        Form.Ints line = Form.Ints.of(form, Shape.of(count), Kit.whole(2, shape.dim(axis)));
                        assertAgrees(form, dtype, shape, axis, line.data(), spread(line.layout(), picked, axis));
                    }
    }

    /** A line of indices, repeated along every other axis. */
    private static Layout spread(Layout line, Shape picked, int axis) {
        int[] dims = IntStream.range(0, picked.rank()).map(i -> i == axis ? picked.dim(i) : 1).toArray();
        return line.reshape(Shape.of(dims)).orElseThrow().broadcastTo(picked);
    }

    private static void assertAgrees(Form form, DType dtype, Shape shape, int axis, int[] index, Layout layout) {
        NdArray x = form.of(dtype, shape, Kit.special(3)), g = form.of(dtype, layout.shape(), Kit.special(4));
        Object what = shape + " along " + axis + " by " + layout;
        Kit.assertSame(S.gather(x, axis, index, layout), V.gather(x, axis, index, layout), what);
        Kit.assertSame(S.scatterAdd(g, axis, index, layout, shape), V.scatterAdd(g, axis, index, layout, shape), what);
    }

    @Test
    void rowsAndLastElementsArePickedHere() {
        Layout rows = Layout.of(Shape.of(40, 1)).broadcastTo(Shape.of(40, 6));
        assertNotNull(IndexedSlices.of(Shape.of(9, 6), 0, new int[40], rows));
        assertNotNull(IndexedSlices.of(Shape.of(40, 8), 1, new int[240], Layout.of(Shape.of(40, 6))));
    }

    @Test
    void anIndexOutOfRangeIsNamed() {
        Layout layout = Layout.of(Shape.of(40, 1)).broadcastTo(Shape.of(40, 6));
        NdArray x = NdArray.zeros(DType.F32, Shape.of(9, 6)), g = NdArray.zeros(DType.F32, layout.shape());
        for (int bad : new int[]{-1, 9, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            int[] index = new int[40];
            index[23] = bad;
            String message = "index " + bad + " is out of range for axis 0 of shape [9, 6]; it must be in 0..8";
            assertEquals("gather: " + message, assertThrows(IndexOutOfBoundsException.class,
                    () -> V.gather(x, 0, index, layout)).getMessage());
            assertEquals("scatterAdd: " + message, assertThrows(IndexOutOfBoundsException.class,
                    () -> V.scatterAdd(g, 0, index, layout, x.shape())).getMessage());
        }
    }
}
