package autograd.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

/**
 * Compares views with a model without strides: the list of positions, permuted, sliced and repeated one by
 * one.
 */
class LayoutTest {
    /** The positions of all elements in row-major order, computed one by one. */
    private static int[] positions(Layout layout) {
        int[] out = new int[layout.shape().size()];
        for (int n = 0; n < out.length; n++)
            out[n] = layout.at(index(layout.shape(), n));
        return out;
    }

    /** The index of the n-th element in row-major order. */
    private static int[] index(Shape shape, int n) {
        int[] index = new int[shape.rank()];
        for (int i = index.length - 1; i >= 0; i--) {
            index[i] = n % shape.dim(i);
            n /= shape.dim(i);
        }
        return index;
    }

    private static Shape shape(Random random, int rank, int most) {
        return Shape.of(random.ints(rank, 1, most + 1).toArray());
    }

    private static int[] permutation(Random random, int n) { return new Rng(random.nextLong()).permutation(n); }

    /** A layout after several views. */
    private static Layout any(Random random) {
        Layout layout = Layout.of(shape(random, random.nextInt(5), 4));
        for (int i = random.nextInt(4); i > 0; i--)
            layout = switch (random.nextInt(3)) {
                case 0 -> layout.permute(permutation(random, layout.shape().rank()));
                case 1 -> Cut.of(random, layout.shape()).apply(layout);
                default -> layout.broadcastTo(larger(random, layout.shape()));
            };
        return layout;
    }

    private static Shape larger(Random random, Shape s) {
        int lead = s.rank() < 4 ? random.nextInt(2) : 0;
        int[] dims = new int[lead + s.rank()];
        for (int i = 0; i < dims.length; i++)
            dims[i] = i < lead || s.dim(i - lead) == 1 ? 1 + random.nextInt(3) : s.dim(i - lead);
        return Shape.of(dims);
    }

    /** The arguments of a slice that stays inside a shape. */
    private record Cut(int[] begin, int[] count, int[] step) {
        static Cut of(Random random, Shape s) {
            int rank = s.rank();
            Cut cut = new Cut(new int[rank], new int[rank], new int[rank]);
            for (int i = 0; i < rank; i++) {
                int begin = random.nextInt(s.dim(i)), step = random.nextInt(1, 4) * (random.nextBoolean() ? 1 : -1);
                int most = 1 + (step > 0 ? s.dim(i) - 1 - begin : begin) / Math.abs(step);
                cut.begin[i] = begin;
                cut.step[i] = step;
                cut.count[i] = 1 + random.nextInt(most);
            }
            return cut;
        }

        Layout apply(Layout layout) { return layout.slice(begin, count, step); }
    }

    @Property
    void rowMajorCountsUp(@ForAll Random random) {
        Layout layout = Layout.of(shape(random, random.nextInt(5), 4));
        int[] positions = positions(layout);
        for (int i = 0; i < positions.length; i++)
            assertEquals(i, positions[i]);
        assertTrue(layout.isContiguous());
    }

    @Property
    void permutedElementsAreTheOldOnes(@ForAll Random random) {
        Layout layout = any(random);
        int rank = layout.shape().rank();
        int[] axes = permutation(random, rank);
        Layout turned = layout.permute(axes);
        for (int n = 0; n < turned.shape().size(); n++) {
            int[] index = index(turned.shape(), n), old = new int[rank];
            for (int i = 0; i < rank; i++)
                old[axes[i]] = index[i];
            assertEquals(layout.at(old), turned.at(index));
        }
        assertEquals(layout.shape().size(), turned.shape().size());
    }

    @Property
    void slicesTakeEveryStep(@ForAll Random random) {
        Layout layout = any(random);
        Cut cut = Cut.of(random, layout.shape());
        Layout part = cut.apply(layout);
        assertArrayEquals(cut.count, part.shape().dims());
        for (int n = 0; n < part.shape().size(); n++) {
            int[] index = index(part.shape(), n), old = new int[index.length];
            for (int i = 0; i < old.length; i++)
                old[i] = cut.begin[i] + index[i] * cut.step[i];
            assertEquals(layout.at(old), part.at(index));
        }
    }

    @Property
    void broadcastElementsRepeat(@ForAll Random random) {
        Layout layout = any(random);
        Shape target = larger(random, layout.shape());
        Layout wide = layout.broadcastTo(target);
        int lead = target.rank() - layout.shape().rank();
        for (int n = 0; n < target.size(); n++) {
            int[] index = index(target, n), old = new int[layout.shape().rank()];
            for (int i = 0; i < old.length; i++)
                old[i] = layout.shape().dim(i) == 1 ? 0 : index[lead + i];
            assertEquals(layout.at(old), wide.at(index));
        }
    }

    @Property
    void contiguousMeansConsecutive(@ForAll Random random) {
        Layout layout = any(random);
        int[] positions = positions(layout);
        boolean consecutive = true;
        for (int i = 0; i < positions.length; i++)
            consecutive &= positions[i] == layout.offset() + i;
        assertEquals(consecutive, layout.isContiguous());
    }

    @Property(tries = 3000)
    void reshapeKeepsTheOrderOrIsImpossible(@ForAll Random random, @ForAll @IntRange(min = 0, max = 4) int rank) {
        Layout layout = any(random);
        Shape target = factored(random, layout.shape().size(), rank);
        int[] expected = positions(layout);
        Optional<Layout> reshaped = layout.reshape(target);
        if (reshaped.isPresent()) {
            assertEquals(target, reshaped.get().shape());
            assertArrayEquals(expected, positions(reshaped.get()));
        } else {
            assertFalse(strided(target, expected), () -> "strides could express " + target);
        }
    }

    /** A shape of that size, its extents in random order. */
    private static Shape factored(Random random, int size, int rank) {
        int[] dims = new int[Math.max(rank, 1)];
        Arrays.fill(dims, 1);
        for (int p = 2, rest = size; rest > 1;)
            if (rest % p == 0) {
                dims[random.nextInt(dims.length)] *= p;
                rest /= p;
            } else {
                p++;
            }
        return size == 1 && rank == 0 ? Shape.SCALAR : Shape.of(dims);
    }

    /** Whether positions depend on indices only by constant strides. */
    private static boolean strided(Shape shape, int[] positions) {
        int[] strides = new int[shape.rank()];
        for (int i = 0, below = shape.size(); i < strides.length; i++) {
            below /= shape.dim(i);
            strides[i] = shape.dim(i) > 1 ? positions[below] - positions[0] : 0;
        }
        for (int n = 0; n < positions.length; n++) {
            int at = positions[0];
            int[] index = index(shape, n);
            for (int i = 0; i < index.length; i++)
                at += index[i] * strides[i];
            if (at != positions[n])
                return false;
        }
        return true;
    }

    @Test
    void reshapeOfATransposedMatrixNeedsACopy() {
        Layout turned = Layout.of(Shape.of(2, 3)).permute(1, 0);
        assertTrue(turned.reshape(Shape.of(6)).isEmpty());
        assertTrue(turned.reshape(Shape.of(3, 1, 2)).isPresent());
    }

    @Property
    void narrowIsASliceAlongOneAxis(@ForAll @IntRange(min = 0, max = 2) int axis, @ForAll @IntRange(max = 4) int begin,
            @ForAll @IntRange(max = 4) int count) {
        Layout layout = Layout.of(Shape.of(9, 8, 10)).permute(2, 0, 1);
        int[] from = new int[3];
        from[axis] = begin;
        Layout slice = layout.slice(from, layout.shape().with(axis, count).dims(), new int[]{1, 1, 1}),
                part = layout.narrow(axis, begin, count);
        assertEquals(slice.shape(), part.shape());
        assertEquals(slice.offset(), part.offset());
        for (int i = 0; i < 3; i++)
            assertEquals(slice.stride(i), part.stride(i));
    }

    @Test
    void emptyLayoutsCanBeViewedAtWill() {
        Layout empty = Layout.of(Shape.of(2, 0, 3));
        assertTrue(empty.isContiguous());
        assertTrue(empty.permute(2, 0, 1).isContiguous());
        assertEquals(Shape.of(0, 7), empty.permute(2, 0, 1).reshape(Shape.of(0, 7)).orElseThrow().shape());
        Layout none = Layout.of(Shape.of(4)).slice(new int[]{3}, new int[]{0}, new int[]{1});
        assertEquals(0, none.offset(), "an empty part must not point behind the end");
        assertEquals(Shape.of(5, 0), Layout.of(Shape.of(1)).broadcastTo(Shape.of(5, 0)).shape());
    }

    @Test
    void indicesAreCheckedAndCountFromTheEnd() {
        Layout layout = Layout.of(Shape.of(2, 3));
        assertEquals(5, layout.at(-1, -1));
        assertEquals(0, Layout.of(Shape.SCALAR).at());
        assertEquals("index [0, 3] is out of range for shape [2, 3]", outside(layout, 0, 3));
        assertEquals("index [-3, 0] is out of range for shape [2, 3]", outside(layout, -3, 0));
        assertEquals("index [1] has 1 axes, shape [2, 3] has 2", outside(layout, 1));
    }

    private static String outside(Layout layout, int... index) {
        return assertThrows(IndexOutOfBoundsException.class, () -> layout.at(index)).getMessage();
    }

    @Test
    void refusesToBroadcastToAnotherShape() {
        Exception e = assertThrows(IllegalArgumentException.class,
                () -> Layout.of(Shape.of(2, 3)).broadcastTo(Shape.of(3, 3)));
        assertTrue(e.getMessage().matches("broadcastTo\\b.*\\[2, 3].*\\[3, 3].*"), e.getMessage());
    }
}
