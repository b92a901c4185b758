package autograd.kernels.vector.gemm;

import static autograd.kernels.vector.lanes.FloatSpecies.S;
import static autograd.kernels.vector.lanes.FloatWidth.LANES;

import autograd.kernels.FloatMatrix;
import autograd.kernels.vector.lanes.FreeList;
import autograd.kernels.vector.parallel.Team;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The product of two matrices, blocked for the caches as in Goto and van de Geijn, Anatomy of
 * High-Performance Matrix Multiplication, 2008: a block of a and a panel of b stay in the L2 cache, a panel
 * of a in the L1 cache, a tile of c in registers. Long sums are pairwise, so that rounding errors stay small.
 * Each element of c is the same chain of operations however the work is divided, so the bits do not depend on
 * the number of threads. Compiled twice: DoubleGemm is this file, renamed.
 */
@SuppressWarnings("cast") // (double) of a double in the twin
final class FloatGemm {
    private static final int WIDTH = FloatMicroKernel.WIDTH, HEIGHT = FloatMicroKernel.HEIGHT;
    /** The distance between the columns of a full panel. */
    private static final int STEP = panelStride(HEIGHT);
    /**
     * The terms and the rows of a block of a, 0.9 MB; with fewer terms it has more rows. A block has many terms
     * because adding blocks up costs more than reading a panel of b, 100 KB, from the L2 cache.
     */
    static final int DEPTH = 3136 / Float.BYTES, ROWS = 288;
    /** The terms of a sum whose blocks are added one after another. */
    private static final int TERMS = 8 * DEPTH;
    /** Fewer multiply-adds than this are faster in plain code. */
    private static final int SMALL = 2000;
    /** Up to so many rows of a, b is not packed; up to so many columns of b, columns of a are not. */
    private static final int FEW_ROWS = 6 * HEIGHT, FEW_COLUMNS = 8 * WIDTH;
    /** Up to so many terms, columns of a are not packed: a packed panel of 4 rows has a faster micro-kernel. */
    static final int FEW_TERMS = HEIGHT == 4 ? 128 : DEPTH;
    /** Multiply-adds that are worth handing to another thread, and that are worth a thread block of their own. */
    private static final int PART = 150_000, LARGE = 1 << 22;

    private static final FreeList<Scratch> SCRATCH = new FreeList<>();

    /** The packed block of a, the packed panel of b and the partial tile of a thread block. */
    private static final class Scratch {
        final float[] b = new float[DEPTH * WIDTH], tile = new float[HEIGHT * WIDTH];
        private float[] a = {};
        private @Nullable Object of; // the product that the block of a belongs to
        private int p, i, h;

        /** Makes room for a block of a; false if it was packed before, for another thread block. */
        boolean take(Object product, int p, int i, int h, int size) {
            if (of == product && this.p == p && this.i == i && this.h == h)
                return false;
            if (a.length < size)
                a = new float[size];
            of = product;
            this.p = p;
            this.i = i;
            this.h = h;
            return true;
        }
    }

    private final FloatMatrix a, b;
    private final float[] c;
    private final int m, n, k, co;
    /** Identifies this product without keeping its matrices alive. */
    private final Object identity = new Object();

    private FloatGemm(int m, int n, int k, FloatMatrix a, FloatMatrix b, float[] c, int co) {
        this.m = m;
        this.n = n;
        this.k = k;
        this.a = a;
        this.b = b;
        this.c = c;
        this.co = co;
    }

    /**
     * {@code c[i, j] = sum over p of a[i, p] * b[p, j]} for m rows, n columns and k terms. Overwrites c, which is
     * contiguous.
     */
    static void multiply(int m, int n, int k, float[] a, int ao, int aDown, int aRight, float[] b, int bo, int bDown,
            int bRight, float[] c, int co) {
        if (k == 0)
            Arrays.fill(c, co, co + m * n, 0);
        else if ((long) m * n * k < SMALL)
            FloatMatrix.multiply(m, n, k, new FloatMatrix(a, ao, aDown, aRight), new FloatMatrix(b, bo, bDown, bRight),
                    new FloatMatrix(c, co, n, 1));
        else if (n == 1 && m > 1) // transposed
            multiply(1, m, k, b, bo, bRight, bDown, a, ao, aRight, aDown, c, co);
        else if (m == 1 && (bRight == 1 || bDown == 1))
            FloatGemv.multiply(n, k, a, ao, aRight, b, bo, bDown, bRight, c, co);
        else
            FloatMatrix.pairwise(m, n, k, TERMS, new FloatMatrix(a, ao, aDown, aRight),
                    new FloatMatrix(b, bo, bDown, bRight), new FloatMatrix(c, co, n, 1),
                    (terms, x, y, z) -> new FloatGemm(m, n, terms, x, y, z.data(), z.offset()).multiply());
    }

    /**
     * The size of a part if n is cut into the fewest parts of at most {@code most}: about equal multiples of a
     * unit.
     */
    private static int part(int n, int most, int unit) {
        int parts = (n + most - 1) / most;
        return ((n + parts - 1) / parts + unit - 1) / unit * unit;
    }

    /**
     * Cuts c into rectangles, a thread block each. Every thread packs for itself, because it is slow to read what
     * another core has just written.
     */
    private void multiply() {
        int parts = threadBlocks((long) m * n * k);
        if (parts == 1) {
            threadBlock(0, m, 0, n);
            return;
        }
        int down = panels(m), across = (n + WIDTH - 1) / WIDTH, r = 1, s = 1;
        while (r * s < parts && (r < down || s < across))
            if (s == across || r < down && m / r >= n / s)
                r++;
            else
                s++;
        int rows = r, columns = s;
        Team.run(rows * columns, q -> {
            int top = row(cut(q / columns, rows, down), m), left = cut(q % columns, columns, across) * WIDTH;
            threadBlock(top, row(cut(q / columns + 1, rows, down), m), left,
                    Math.min(n, cut(q % columns + 1, columns, across) * WIDTH));
        });
    }

    /** The number of thread blocks: one for each thread, more if they are large. */
    private static int threadBlocks(long work) {
        int threads = Team.threads();
        return threads == 1 ? 1 : (int) Math.max(Math.min(work / PART, threads), Math.min(work / LARGE, 4L * threads));
    }

    private void threadBlock(int top, int bottom, int left, int right) {
        int depth = part(k, DEPTH, LANES), most = Math.min(4 * ROWS, ROWS * DEPTH / depth / HEIGHT * HEIGHT);
        int rows = part(bottom - top, most, HEIGHT); // few blocks, because b is packed again for each
        Scratch free = SCRATCH.take(), mine = free == null ? new Scratch() : free;
        for (int p = 0; p < k; p += depth)
            for (int i = top; i < bottom; i += rows)
                block(p, Math.min(depth, k - p), i, Math.min(rows, bottom - i), left, right, mine);
        SCRATCH.give(mine);
    }

    /** Adds the products of k terms, from term p on, to h rows of c, from row i on, between two columns. */
    private void block(int p, int k, int i, int h, int left, int right, Scratch mine) {
        boolean inPlace = a.down() == 1 && a.right() != 1 && n <= FEW_COLUMNS && k <= FEW_TERMS;
        if (mine.take(identity, p, i, h, panels(h) * panelSize(k) + LANES))
            copy(p, k, i, h, mine.a, inPlace);
        for (int j = left; j < right; j += WIDTH)
            macroKernel(p, k, i, h, j, mine, inPlace);
    }

    /** Packs k terms of h rows of a, panel by panel, except full panels that are used in place. */
    private void copy(int p, int k, int i, int h, float[] panels, boolean inPlace) {
        for (int q = 0; q < panels(h); q++) {
            int top = row(q, h), height = row(q + 1, h) - top;
            if (isRowPacked(height))
                FloatPacking.pack(k, height, a.data(), a.at(i + top, p), a.down(), 1, panels, q * panelSize(k),
                        FloatRowMicroKernel.STRIDE);
            else if (!inPlace || height != height(height))
                FloatPacking.pack(height, k, a.data(), a.at(i + top, p), a.right(), a.down(), panels, q * panelSize(k),
                        panelStride(height));
        }
    }

    /** The size of a packed panel of k terms of a. */
    private int panelSize(int k) {
        return STEP * (a.right() == 1 ? FloatRowMicroKernel.STRIDE : k);
    }

    /** Whether a panel of h rows of a is packed row by row, not transposed. */
    private boolean isRowPacked(int h) {
        return a.right() == 1 && h == HEIGHT;
    }

    /** The distance between the columns of a packed panel of h rows. */
    private static int panelStride(int h) {
        int height = height(h);
        return height < LANES ? height : (height + LANES - 1) / LANES * LANES;
    }

    /**
     * The number of parts that so much work is divided into: a few for each thread, none too small, at most
     * {@code most}.
     */
    static int parts(long work, int most) {
        return work < 2L * PART || Team.threads() == 1
                ? Math.min(1, most)
                : (int) Math.min(most, Math.min(work / PART, 4L * Team.threads()));
    }

    static int cut(int q, int parts, int n) { return (int) ((long) q * n / parts); }

    /** The macro-kernel: all panels of a block of a, times one panel of b. */
    private void macroKernel(int p, int k, int i, int h, int j, Scratch mine, boolean inPlace) {
        int w = Math.min(WIDTH, n - j), vectors = (w + LANES - 1) / LANES;
        boolean there = b.right() == 1 && h <= FEW_ROWS && w == vectors * LANES;
        if (!there)
            FloatPacking.pack(w, k, b.data(), b.at(p, j), b.down(), b.right(), mine.b, 0, WIDTH);
        float[] y = there ? b.data() : mine.b;
        int yo = there ? b.at(p, j) : 0, ys = there ? b.down() : WIDTH;
        for (int q = 0; q < panels(h); q++) {
            int top = row(q, h), rows = row(q + 1, h) - top, height = height(rows), at = co + (i + top) * n + j;
            boolean here = inPlace && rows == height, straight = p == 0 && rows == height && w == vectors * LANES;
            float[] x = here ? a.data() : mine.a, z = straight ? c : mine.tile;
            int xo = here ? a.at(i + top, p) : q * panelSize(k), xs = here ? a.right() : panelStride(rows);
            int zo = straight ? at : 0, zs = straight ? n : vectors * LANES;
            if (isRowPacked(rows))
                FloatRowMicroKernel.multiply(vectors, k, x, xo, y, yo, ys, z, zo, zs);
            else
                FloatMicroKernel.multiply(height, vectors, k, x, xo, xs, y, yo, ys, z, zo, zs);
            if (p == 0 && !straight)
                move(rows, w, z, zs, c, at, n);
            else if (p > 0)
                add(rows, w, z, zs, c, at, n);
        }
    }

    /** The number of panels that m rows make: as few as possible. */
    private static int panels(int m) {
        int full = m / HEIGHT, rest = m % HEIGHT;
        return rest == 0 ? full : full + 1;
    }

    /**
     * The first row of panel q of m rows. Panels have the height of the tallest micro-kernel, except the last two
     * where the last would be too low to keep the processor busy.
     */
    private static int row(int q, int m) {
        int rest = m % HEIGHT, count = panels(m);
        if (q == count)
            return m;
        if (q == count - 1 && count > 1 && rest > 0 && rest <= HEIGHT / 3)
            return m - HEIGHT - rest + HEIGHT / 3 * 2;
        return q * HEIGHT;
    }

    /** The height of the lowest micro-kernel that has h rows. */
    private static int height(int h) {
        return (h + 3) / 4 * 4;
    }

    /** {@code c = tile}. */
    private static void move(int h, int w, float[] tile, int width, float[] c, int to, int down) {
        for (int i = 0; i < h; i++)
            System.arraycopy(tile, i * width, c, to + i * down, w);
    }

    /** {@code c += tile}. */
    private static void add(int h, int w, float[] tile, int width, float[] c, int to, int down) {
        int j = 0;
        for (; j + LANES <= w; j += LANES)
            for (int i = 0; i < h; i++) {
                int at = to + i * down + j;
                load(c, at).add(load(tile, i * width + j)).intoArray(c, at);
            }
        if (j < w) {
            VectorMask<Float> mask = S.indexInRange(j, w);
            for (int i = 0; i < h; i++) {
                int at = to + i * down + j;
                FloatVector.fromArray(S, c, at, mask).add(load(tile, i * width + j))
                        .intoArray(c, at, mask);
            }
        }
    }

    private static FloatVector load(float[] x, int at) { return FloatVector.fromArray(S, x, at); }
}
