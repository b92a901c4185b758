package autograd.kernels.vector.movement;

import static autograd.kernels.vector.lanes.FloatSpecies.S;
import static autograd.kernels.vector.lanes.FloatWidth.LANES;

import autograd.array.Storage;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

import java.util.Arrays;

/** Compiled twice: DoubleArrayLoops is this file, renamed. */
final class FloatArrayLoops implements ArrayLoops {
    static final ArrayLoops ONE = new FloatArrayLoops();

    private static final int TILE = 64 / Float.BYTES;

    @Override
    public void transpose(int m, int n, Storage x, int xo, int xDown, Storage y, int yo, int yDown) {
        float[] from = x.borrowFloats(), to = y.borrowFloats();
        for (int j = 0; j < n; j += TILE) // tiles as wide as a cache line's width
            for (int i = 0; i < m; i += TILE)
                tile(Math.min(TILE, m - i), Math.min(TILE, n - j), from, xo + j * xDown + i, xDown, to,
                        yo + i * yDown + j, yDown);
    }

    private static void tile(int m, int n, float[] x, int xo, int xDown, float[] y, int yo, int yDown) {
        for (int i = 0; i < m; i++)
            for (int j = 0, from = xo + i, to = yo + i * yDown; j < n; j++, from += xDown)
                y[to + j] = x[from];
    }

    @Override
    public void accumulate(int n, Storage x, int xo, Storage y, int yo) {
        add(n, x.borrowFloats(), xo, y.borrowFloats(), yo);
    }

    private static void add(int n, float[] x, int xo, float[] y, int yo) {
        int i = 0;
        for (; i + LANES <= n; i += LANES)
            FloatVector.fromArray(S, y, yo + i).add(FloatVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
        for (; i < n; i++)
            y[yo + i] += x[xo + i];
    }

    @Override
    public void select(int n, boolean[] where, int wo, Storage a, int ao, Storage b, int bo, Storage y, int yo) {
        blend(n, where, wo, a.borrowFloats(), ao, b.borrowFloats(), bo, y.borrowFloats(), yo);
    }

    private static void blend(int n, boolean[] where, int wo, float[] a, int ao, float[] b, int bo, float[] y,
            int yo) {
        int i = 0;
        for (; i + LANES <= n; i += LANES)
            FloatVector.fromArray(S, b, bo + i)
                    .blend(FloatVector.fromArray(S, a, ao + i), VectorMask.fromArray(S, where, wo + i))
                    .intoArray(y, yo + i);
        for (; i < n; i++)
            y[yo + i] = where[wo + i] ? a[ao + i] : b[bo + i];
    }

    @Override
    public boolean allFinite(int n, Storage x, int xo) { return finite(n, x.borrowFloats(), xo); }

    /** 0 * x is NaN if and only if x is NaN or infinite. */
    private static boolean finite(int n, float[] x, int xo) {
        FloatVector a = FloatVector.zero(S), b = FloatVector.zero(S);
        int i = 0;
        for (; i + 2 * LANES <= n; i += 2 * LANES) {
            a = FloatVector.fromArray(S, x, xo + i).fma(FloatVector.zero(S), a);
            b = FloatVector.fromArray(S, x, xo + i + LANES).fma(FloatVector.zero(S), b);
        }
        float rest = 0;
        for (; i < n; i++)
            rest += 0 * x[xo + i];
        return rest == 0 && a.add(b).eq(0).allTrue();
    }

    @Override
    public void gather(int m, int n, int inner, int[] index, int io, int down, Storage x, int xo, int extent,
            Storage y, int yo) {
        for (int o = 0; o < m; o++) {
            int at = io + o * down, from = xo + o * extent * inner, to = yo + o * n * inner;
            if (inner == 1)
                pick(n, index, at, x.borrowFloats(), from, y.borrowFloats(), to);
            else
                pieces(n, inner, index, at, x.borrowFloats(), from, y.borrowFloats(), to);
        }
    }

    private static void pick(int n, int[] index, int io, float[] x, int xo, float[] y, int yo) {
        for (int j = 0; j < n; j++)
            y[yo + j] = x[xo + index[io + j]];
    }

    private static void pieces(int n, int inner, int[] index, int io, float[] x, int xo, float[] y, int yo) {
        for (int j = 0; j < n; j++)
            System.arraycopy(x, xo + index[io + j] * inner, y, yo + j * inner, inner);
    }

    @Override
    public void scatterAdd(int m, int n, int inner, int[] index, int io, int down, Storage x, int xo, Storage y,
            int yo, int extent) {
        for (int o = 0; o < m; o++) {
            int at = io + o * down, from = xo + o * n * inner, to = yo + o * extent * inner;
            if (inner == 1)
                put(n, index, at, x.borrowFloats(), from, y.borrowFloats(), to);
            else
                for (int j = 0; j < n; j++)
                    add(inner, x.borrowFloats(), from + j * inner, y.borrowFloats(), to + index[at + j] * inner);
        }
    }

    private static void put(int n, int[] index, int io, float[] x, int xo, float[] y, int yo) {
        for (int j = 0; j < n; j++)
            y[yo + index[io + j]] += x[xo + j];
    }

    @Override
    public void repeat(int m, int times, int n, Storage x, int xo, Storage y) {
        if (n == 1)
            fill(m, times, x.borrowFloats(), xo, y.borrowFloats());
        else
            for (int i = 0; i < m; i++)
                repeat(times * n, n, x.borrowFloats(), xo + i * n, y.borrowFloats(), i * times * n);
    }

    private static void fill(int m, int times, float[] x, int xo, float[] y) {
        for (int i = 0, to = 0; i < m; i++, to += times)
            Arrays.fill(y, to, to + times, x[xo + i]);
    }

    /** Doubles the part that is filled. */
    private static void repeat(int size, int n, float[] x, int xo, float[] y, int yo) {
        System.arraycopy(x, xo, y, yo, n);
        for (int done = n; done < size; done *= 2)
            System.arraycopy(y, yo, y, yo + done, Math.min(done, size - done));
    }
}
