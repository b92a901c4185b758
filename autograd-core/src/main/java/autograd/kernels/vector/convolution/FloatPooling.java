package autograd.kernels.vector.convolution;

import static autograd.kernels.vector.lanes.FloatSpecies.S;
import static autograd.kernels.vector.lanes.FloatWidth.LANES;

import autograd.array.Storage;
import autograd.kernels.vector.lanes.FloatScratch;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

import java.util.Arrays;

/**
 * Finds the position of the largest element of each window. Whole vectors compare windows at every position
 * of a plane, also between strides; then the windows that exist are picked. Compiled twice: DoublePooling is
 * this file, renamed.
 */
@SuppressWarnings("cast") // (float) of an int
final class FloatPooling implements PoolingLoops {

    /** A padded plane, and the results at every position. */
    private static final FloatScratch PLANE = new FloatScratch(), FOUND = new FloatScratch();

    private final int height, width, size, stride, padding, rows, columns, across;
    /** Distances of the elements of a window from its first, in a padded plane and in an image. */
    private final int[] taps, ahead;

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
        this.ahead = new int[size * size];
        Arrays.setAll(taps, t -> t / size * across + t % size);
        Arrays.setAll(ahead, t -> t / size * width + t % size);
    }

    @Override
    public void argMax(Storage xs, int xo, int[] y, int yo) {
        float[] x = xs.borrowFloats();
        int length = (rows - 1) * stride * across + (columns - 1) * stride + 1;
        float[] found = FOUND.take(length + LANES);
        if (padding > 0 || xo + height * width + LANES > x.length) {
            float[] plane = surrounded(x, xo);
            largest(length, taps, ahead, plane, 0, found);
            PLANE.give(plane);
        } else
            largest(length, taps, ahead, x, xo, found);
        for (int i = 0; i < rows; i++)
            pick(i * stride - padding, found, i * stride * across, y, yo + i * columns);
        FOUND.give(found);
    }

    /** A copy of a plane, padded with -Inf. */
    private float[] surrounded(float[] x, int xo) {
        int size = (height + 2 * padding) * across;
        float[] plane = PLANE.take(size + LANES);
        Arrays.fill(plane, 0, size, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < height; i++)
            System.arraycopy(x, xo + i * width, plane, (i + padding) * across + padding, width);
        return plane;
    }

    /** The distance of the largest element from each position. */
    private static void largest(int length, int[] taps, int[] ahead, float[] x, int xo, float[] found) {
        for (int j = 0; j < length; j += LANES) {
            FloatVector max = FloatVector.fromArray(S, x, xo + j), best = FloatVector.zero(S);
            for (int t = 1; t < taps.length; t++) {
                FloatVector v = FloatVector.fromArray(S, x, xo + j + taps[t]);
                VectorMask<Float> wins = v.compare(VectorOperators.LE, max).not()
                        .and(max.compare(VectorOperators.EQ, max)); // the first NaN wins
                max = max.blend(v, wins);
                best = best.blend((float) ahead[t], wins);
            }
            best.intoArray(found, j);
        }
    }

    /** Extracts the strided windows of a row. */
    private void pick(int top, float[] found, int from, int[] y, int to) {
        for (int j = 0, at = top * width - padding; j < columns; j++, at += stride)
            y[to + j] = at + (int) found[from + j * stride];
        if (padding > 0)
            for (int j = 0, left = -padding; j < columns; j++, left += stride)
                if (found[from + j * stride] == 0) // a first element outside wins only where all are -Inf
                    y[to + j] = Math.max(top, 0) * width + Math.max(left, 0);
    }
}
