package autograd.kernels;

import static autograd.kernels.Kit.K;
import static autograd.kernels.Kit.SHAPES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;

/** Kernels that act on each element alone, against the same done index by index. */
class MapTest {
    /** Pairs of shapes that broadcast, besides equal ones. */
    private static final List<List<Shape>> PAIRS = List.of(List.of(Shape.of(5, 7), Shape.of(7)),
            List.of(Shape.of(5, 7), Shape.of(5, 1)), List.of(Shape.SCALAR, Shape.of(5, 7)),
            List.of(Shape.of(4, 1, 6), Shape.of(3, 1)), List.of(Shape.of(1), Shape.of(19)),
            List.of(Shape.of(2, 1), Shape.of(1, 3)), List.of(Shape.of(1), Shape.of(3, 0)));

    private static NdArray mapped(Kernels.Fn2 f, NdArray a, NdArray b) {
        NdArray y = NdArray.zeros(a.dtype(), Shape.broadcast("map", a.shape(), b.shape()));
        Form.forEach(y.shape(), i -> y.storage().set(y.layout().at(i),
                f.f(a.get(Form.within(a.shape(), i)), b.get(Form.within(b.shape(), i)))));
        return y;
    }

    @ParameterizedTest
    @EnumSource
    void mapsOneOperand(Form form) {
        Kernels.Fn1 f = x -> 2 * x + 1 / x;
        for (DType dtype : DType.values())
            for (Shape shape : SHAPES) {
                NdArray x = form.of(dtype, shape, Kit.special(1));
                Kit.assertSame(mapped((a, _) -> f.f(a), x, x), K.map(f, x), shape);
            }
    }

    @ParameterizedTest
    @EnumSource
    void mapsTwoOperands(Form form) {
        Kernels.Fn2 f = (a, b) -> a - 2 * b;
        for (DType dtype : DType.values())
            for (Form other : Form.values()) {
                for (Shape shape : SHAPES) {
                    NdArray a = form.of(dtype, shape, Kit.special(2)), b = other.of(dtype, shape, Kit.special(3));
                    Kit.assertSame(mapped(f, a, b), K.map(f, a, b), shape + " " + other);
                }
                for (List<Shape> pair : PAIRS) {
                    NdArray a = form.of(dtype, pair.get(0), Kit.special(4));
                    NdArray b = other.of(dtype, pair.get(1), Kit.special(5));
                    Kit.assertSame(mapped(f, a, b), K.map(f, a, b), pair + " " + other);
                    Kit.assertSame(mapped(f, b, a), K.map(f, b, a), pair + " " + other + " turned round");
                }
            }
    }

    @Test
    void computesInDoubleAndRoundsOnce() {
        NdArray x = NdArray.of(new float[]{1e30f}, Shape.of(1));
        assertEquals(1e30f, K.map(v -> v * v / v, x).get(0));
    }

    @Test
    void refusesShapesThatDoNotBroadcast() {
        NdArray a = NdArray.zeros(DType.F32, Shape.of(2)), b = NdArray.zeros(DType.F32, Shape.of(3));
        assertThrows(IllegalArgumentException.class, () -> K.map(Double::sum, a, b));
        assertThrows(IllegalArgumentException.class, () -> K.test(Relation.LT, a, b));
        assertThrows(IllegalArgumentException.class,
                () -> K.select(new boolean[1], NdArray.zeros(DType.F32, Shape.of(1)).layout(), a, b));
    }

    private static boolean holds(Relation relation, double p, double q) {
        return switch (relation) {
            case EQ -> p == q;
            case NE -> p != q;
            case LT -> p < q;
            case LE -> p <= q;
            case GT -> p > q;
            case GE -> p >= q;
        };
    }

    @ParameterizedTest
    @EnumSource
    void testsRelations(Form form) {
        for (DType dtype : DType.values())
            for (List<Shape> pair : PAIRS)
                for (Relation relation : Relation.values()) {
                    NdArray a = form.of(dtype, pair.get(0), Kit.special(6)),
                            b = form.of(dtype, pair.get(1), Kit.special(7));
                    NdArray expected = mapped((p, q) -> holds(relation, p, q) ? 1 : 0, a, b);
                    boolean[] actual = K.test(relation, a, b).data();
                    assertEquals(expected.size(), actual.length);
                    for (int i = 0; i < actual.length; i++)
                        assertEquals(expected.storage().get(i) == 1, actual[i], relation + " of " + pair + " at " + i);
                }
    }

    @ParameterizedTest
    @EnumSource
    void selects(Form form) {
        for (DType dtype : DType.values())
            for (Shape where : List.of(Shape.of(4, 6), Shape.of(6), Shape.of(4, 1), Shape.SCALAR, Shape.of(2, 1, 1))) {
                Form.Ints mask = Form.Ints.of(form, where, Kit.whole(8, 2));
                boolean[] truth = new boolean[mask.data().length];
                for (int i = 0; i < truth.length; i++)
                    truth[i] = mask.data()[i] == 1;
                NdArray a = form.of(dtype, Shape.of(4, 6), Kit.special(9)),
                        b = form.of(dtype, Shape.of(6), Kit.special(10));
                NdArray expected = NdArray.zeros(dtype, Shape.broadcast("where", where, a.shape()));
                Form.forEach(expected.shape(), i -> expected.storage().set(expected.layout().at(i),
                        mask.get(Form.within(where, i)) == 1
                                ? a.get(Form.within(a.shape(), i))
                                : b.get(Form.within(b.shape(), i))));
                Kit.assertSame(expected, K.select(truth, mask.layout(), a, b), where);
            }
    }

    @ParameterizedTest
    @EnumSource
    void copiesAndCasts(Form form) {
        for (DType dtype : DType.values())
            for (Shape shape : SHAPES) {
                NdArray x = form.of(dtype, shape, Kit.special(11)), copy = K.copy(x);
                Kit.assertSame(Form.plain(x), copy, shape);
                assertNotSame(x.storage(), copy.storage());
                for (DType to : DType.values()) {
                    NdArray expected = NdArray.zeros(to, shape), plain = Form.plain(x);
                    for (int i = 0; i < expected.size(); i++)
                        expected.storage().set(i, plain.storage().get(i));
                    Kit.assertSame(expected, K.cast(x, to), shape + " to " + to);
                }
            }
    }

    @Test
    void contiguousCopiesOnlyNonContiguousTensors() {
        NdArray x = Form.OFFSET.of(DType.F32, Shape.of(2, 3), Kit.normal(12)), turned = x.permute(1, 0);
        assertSame(x, K.contiguous(x));
        Kit.assertSame(Form.plain(turned), K.contiguous(turned), "transposed");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "REPEATED_.*")
    void writesIntoViewsAndNowhereElse(Form form) {
        for (DType dtype : DType.values())
            for (DType from : DType.values())
                for (Form of : Form.values())
                    for (Shape shape : SHAPES) {
                        NdArray target = form.of(dtype, shape, () -> 77), source = of.of(from, shape, Kit.normal(13));
                        K.write(target, source);
                        Kit.assertSame(K.cast(Form.plain(source), dtype), Form.plain(target), shape + " " + of);
                        int untouched = 0;
                        for (int i = 0; i < target.storage().size(); i++)
                            untouched += target.storage().get(i) == 77 ? 1 : 0;
                        assertEquals(target.storage().size() - shape.size(), untouched);
                    }
    }

    @Test
    void fills() {
        for (DType dtype : DType.values())
            for (double value : new double[]{0, -0.0, 3.5, Double.NaN}) {
                NdArray x = K.full(dtype, Shape.of(2, 3), value);
                double[] expected = {value, value, value, value, value, value};
                assertArrayEquals(expected, K.cast(x, DType.F64).storage().doubles());
                assertEquals(value, K.full(dtype, Shape.SCALAR, value).get());
                assertEquals(0, K.full(dtype, Shape.of(0, 2), value).size());
            }
    }
}
