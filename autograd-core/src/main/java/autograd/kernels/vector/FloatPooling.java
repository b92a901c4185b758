package autograd.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

import java.util.Arrays;

/**
 * Where the largest element of each window lies. Windows are compared at every position of a plane, those
 * between strides too, because that is what whole vectors can do; then those that count are picked. Compiled
 * twice: DoublePooling is this file, renamed.
 */
@SuppressWarnings("cast") // (int) of a double in the twin, of a float here
final class FloatPooling {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();

    private final int height, width, size, stride, padding, rows, columns, across;
    private final int[] taps;
    private final float[] plane, which;

    FloatPooling(int height, int width, int size, int stride, int padding) {
        this.height = height;
        this.width = width;
        this.size = size;
        this.stride = stride;
        this.padding = padding;
        this.rows = (height + 2 * padding - size) / stride + 1;
        this.columns = (width + 2 * padding - size) / stride + 1;
        this.across = width + 2 * padding;
        this.taps = new int[size * size];
        Arrays.setAll(taps, t -> t / size * across + t % size);
        this.plane = new float[(height + 2 * padding) * across + LANES];
        Arrays.fill(plane, Float.NEGATIVE_INFINITY);
        this.which = new float[plane.length];
    }

    /** Of one plane at xo, {@code rows * columns} positions in it. */
    void argMax(float[] x, int xo, int[] y, int yo) {
        float[] from = x;
        int at = xo, length = (rows - 1) * stride * across + (columns - 1) * stride + 1;
        if (padding > 0 || xo + height * width + LANES > x.length) {
            from = plane;
            at = 0;
            for (int i = 0; i < height; i++)
                System.arraycopy(x, xo + i * width, plane, (i + padding) * across + padding, width);
        }
        largest(length, taps, from, at, which);
        for (int i = 0; i < rows; i++)
            pick(i, y, yo + i * columns);
    }

    private void pick(int i, int[] y, int to) {
        for (int j = 0; j < columns; j++) {
            int at = i * stride * across + j * stride, t = (int) which[at];
            y[to + j] = padding == 0 ? at + taps[t] : within(i * stride - padding, j * stride - padding, t);
        }
    }

    /** The position of a window's element, or of its first if that is outside: then all are -Inf. */
    private int within(int top, int left, int t) {
        int row = top + t / size, column = left + t % size;
        return inside(row, height) && inside(column, width)
                ? row * width + column
                : Math.max(top, 0) * width + Math.max(left, 0);
    }

    private static boolean inside(int i, int extent) { return i >= 0 && i < extent; }

    /** Which tap from each position on leads to the largest element. */
    private static void largest(int length, int[] taps, float[] x, int xo, float[] which) {
        for (int j = 0; j < length; j += LANES) {
            FloatVector max = FloatVector.fromArray(SPECIES, x, xo + j), best = FloatVector.zero(SPECIES);
            for (int t = 1; t < taps.length; t++) {
                FloatVector v = FloatVector.fromArray(SPECIES, x, xo + j + taps[t]);
                VectorMask<Float> wins = v.compare(VectorOperators.LE, max).not()
                        .and(max.compare(VectorOperators.EQ, max)); // NaN wins and stays
                max = max.blend(v, wins);
                best = best.blend((float) t, wins);
            }
            best.intoArray(which, j);
        }
    }
}
