package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.array.DType;
import autograd.array.Shape;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Slices are NumPy's: negative positions count from the end, those out of range are clamped. */
class SliceTest {
    private final Tensor ten = Tensor.arange(10);

    private double[] slice(int begin, int end, int step) {
        return ten.slice(new int[]{begin}, new int[]{end}, new int[]{step}).toDoubleArray();
    }

    @Test
    void resultsOfNumPy() { // np.arange(10)[begin:end:step]
        assertArrayEquals(new double[]{2, 3, 4}, slice(2, 5, 1));
        assertArrayEquals(new double[]{2, 5, 8}, slice(2, 10, 3));
        assertArrayEquals(new double[]{7, 8}, slice(-3, -1, 1));
        assertArrayEquals(new double[]{7, 5, 3}, slice(-3, -8, -2));
        assertArrayEquals(new double[]{9, 8, 7, 6, 5, 4, 3, 2, 1, 0}, slice(99, -99, -1));
        assertArrayEquals(new double[]{0, 4, 8}, slice(-99, 99, 4));
        assertArrayEquals(new double[0], slice(5, 5, 1));
        assertArrayEquals(new double[0], slice(6, 5, 1));
        assertArrayEquals(new double[0], slice(5, 6, -1));
        assertArrayEquals(new double[0], slice(10, 99, 1));
        assertArrayEquals(new double[]{9}, slice(10, 8, -1));
        assertArrayEquals(new double[]{3}, slice(3, 10, Integer.MAX_VALUE));
        assertArrayEquals(new double[]{3}, slice(3, -99, Integer.MIN_VALUE));
        assertArrayEquals(new double[]{0}, slice(Integer.MIN_VALUE, Integer.MAX_VALUE, 10));
    }

    @Test
    void alongOneAxis() {
        Tensor x = Tensor.arange(6).reshape(2, 3);
        assertArrayEquals(new double[]{1, 2, 4, 5}, x.slice(1, 1, 3).toDoubleArray());
        assertArrayEquals(new double[]{2, 5}, x.slice(-1, -1, 99).toDoubleArray());
        assertArrayEquals(new double[]{3, 4, 5}, x.slice(0, 1, 2).toDoubleArray());
        assertEquals(Shape.of(1, 3), x.slice(0, 1, 2).shape());
        assertEquals(Shape.of(2, 0), x.slice(1, 2, 1).shape());
    }

    @Test
    void ofAScalarIsTheScalar() { assertEquals(7, Tensor.scalar(7).slice(new int[0], new int[0], new int[0]).item()); }

    /** An extent and a slice of it. */
    record Cut(int extent, int begin, int end, int step) {
        /** The positions of Python's {@code range(extent)[begin:end:step]}. */
        List<Integer> positions() {
            int from = clamp(begin), to = clamp(end);
            List<Integer> out = new ArrayList<>();
            for (int i = from; step > 0 ? i < to : i > to; i += step)
                out.add(i);
            return out;
        }

        private int clamp(int position) {
            int p = position < 0 ? position + extent : position;
            int low = step < 0 ? -1 : 0, high = step < 0 ? extent - 1 : extent;
            return p < low ? low : p > high ? high : p;
        }
    }

    @Provide
    Arbitrary<List<Cut>> cuts() {
        Arbitrary<Integer> position = Arbitraries.integers().between(-8, 8);
        return Combinators.combine(Arbitraries.integers().between(0, 5), position, position,
                Arbitraries.integers().between(-4, 4).filter(s -> s != 0)).as(Cut::new).list().ofMinSize(1)
                .ofMaxSize(3);
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void agreesWithPython(@ForAll("cuts") List<Cut> cuts) {
        int[] dims = cuts.stream().mapToInt(Cut::extent).toArray();
        Tensor x = Tensor.arange(DType.F64, 0, Shape.of(dims).size(), 1).reshape(dims);
        List<Integer> picked = new ArrayList<>(List.of(0));
        for (Cut cut : cuts) { // row-major positions, an axis at a time
            List<Integer> next = new ArrayList<>();
            for (int before : picked)
                for (int i : cut.positions())
                    next.add(before * cut.extent() + i);
            picked = next;
        }
        double[] ones = new double[x.size()];
        for (int p : picked)
            ones[p] = 1;
        try (var tape = new GradientTape()) {
            Tensor in = tape.watch(x);
            Tensor y = in.slice(cuts.stream().mapToInt(Cut::begin).toArray(),
                    cuts.stream().mapToInt(Cut::end).toArray(), cuts.stream().mapToInt(Cut::step).toArray());
            assertEquals(Shape.of(cuts.stream().mapToInt(c -> c.positions().size()).toArray()), y.shape());
            assertArrayEquals(picked.stream().mapToDouble(p -> p).toArray(), y.toDoubleArray());
            assertArrayEquals(ones, tape.gradient(y.sum(), in).toDoubleArray());
        }
    }
}
