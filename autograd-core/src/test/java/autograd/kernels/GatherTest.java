package autograd.kernels;

import static autograd.kernels.Kit.K;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.array.DType;
import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Picking along an axis, and its transpose. */
class GatherTest {
    /** The shape of x, the axis, and how many are picked along it. */
    private record Case(Shape x, int axis, int count) {
        static final Case[] ALL = {new Case(Shape.of(5), 0, 9), new Case(Shape.of(4, 6), 0, 3),
                new Case(Shape.of(4, 6), 1, 1), new Case(Shape.of(4, 6), 1, 8), new Case(Shape.of(3, 4, 5), 1, 2),
                new Case(Shape.of(1, 20), 0, 7), new Case(Shape.of(3, 4), 1, 0), new Case(Shape.of(0, 4), 1, 2)};

        Shape picked() { return x.with(axis, count); }
    }

    @ParameterizedTest
    @EnumSource
    void gathers(Form form) {
        for (DType dtype : DType.values())
            for (Form of : Form.values())
                for (Case c : Case.ALL) {
                    NdArray x = form.of(dtype, c.x, Kit.special(1));
                    Form.Ints index = Form.Ints.of(of, c.picked(), Kit.whole(2, c.x.dim(c.axis)));
                    Kit.assertSame(Naive.rounded(Naive.gather(x, c.axis, c.picked(), index::get), dtype),
                            K.gather(x, c.axis, index.data(), index.layout()), c + " " + of);
                }
    }

    /** Indices may cover less of the other axes than x does. */
    @Test
    void gathersFromTheFirstRowsAlone() {
        NdArray x = NdArray.of(new double[]{1, 2, 3, 4, 5, 6}, Shape.of(3, 2));
        NdArray y = K.gather(x, 1, new int[]{1, 0}, Layout.of(Shape.of(2, 1)));
        assertArrayEquals(new double[]{2, 3}, y.storage().doubles());
    }

    @ParameterizedTest
    @EnumSource
    void scatters(Form form) {
        for (DType dtype : DType.values())
            for (Form of : Form.values())
                for (Case c : Case.ALL) {
                    NdArray x = form.of(dtype, c.picked(), Kit.whole(3, 50));
                    Form.Ints index = Form.Ints.of(of, c.picked(), Kit.whole(4, c.x.dim(c.axis)));
                    Kit.assertSame(Naive.rounded(Naive.scatterAdd(x, c.axis, index::get, c.x), dtype),
                            K.scatterAdd(x, c.axis, index.data(), index.layout(), c.x), c + " " + of);
                }
    }

    @Test
    void scatteringAddsWhereIndicesRepeat() {
        NdArray x = NdArray.of(new float[]{1, 2, 4, 8}, Shape.of(4));
        NdArray y = K.scatterAdd(x, 0, new int[]{2, 0, 2, 2}, Layout.of(Shape.of(4)), Shape.of(3));
        assertArrayEquals(new float[]{2, 0, 13}, y.storage().floats());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"REPEATED_FIRST", "REPEATED_LAST"})
    void indicesOutOfRangeAreNamed(Form form) {
        NdArray x = NdArray.zeros(DType.F32, Shape.of(4, 6)), g = NdArray.zeros(DType.F32, Shape.of(4, 2));
        for (int bad : new int[]{-1, 6})
            for (int i = 0; i < 4; i++) {
                Form.Ints index = Form.Ints.of(form, Shape.of(4, 2), Kit.whole(5, 6));
                index.data()[index.layout().at(i, 1)] = bad;
                String message = "index " + bad + " is out of range for axis 1 of shape [4, 6]; it must be in 0..5";
                assertEquals("gather: " + message, assertThrows(IndexOutOfBoundsException.class,
                        () -> K.gather(x, 1, index.data(), index.layout())).getMessage());
                assertEquals("scatterAdd: " + message, assertThrows(IndexOutOfBoundsException.class,
                        () -> K.scatterAdd(g, 1, index.data(), index.layout(), x.shape())).getMessage());
            }
    }

    @Test
    void aRepeatedIndexIsCheckedToo() {
        NdArray x = NdArray.zeros(DType.F32, Shape.of(2, 3));
        Layout layout = Layout.of(Shape.of(2, 1)).broadcastTo(Shape.of(2, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> K.gather(x, 0, new int[]{0, 2}, layout));
        assertThrows(IndexOutOfBoundsException.class,
                () -> K.gather(x, 0, new int[]{9}, Layout.of(Shape.SCALAR).broadcastTo(Shape.of(1, 3))));
    }
}
