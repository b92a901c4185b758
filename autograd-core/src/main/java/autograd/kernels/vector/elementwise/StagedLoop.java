package autograd.kernels.vector.elementwise;

import autograd.array.DType;
import autograd.array.Storage;

import java.util.List;

/**
 * A function in stages: each gets x and what the one before made of it. HotSpot inlines no method that has
 * become more than 2500 bytes of machine code, so two elementary functions are too much for one loop.
 */
record StagedLoop(DType dtype, List<ElementwiseLoop> loops) implements ElementwiseLoop {
    /** Small enough for the first cache. */
    private static final int CHUNK = 1024;

    @Override
    public void map(int n, Storage x, int xo, Storage y, int yo, double p, double q) {
        Storage[] between = {scratch(), scratch()};
        int stages = loops.size();
        for (int i = 0, chunk; i < n; i += chunk) {
            chunk = n - i < 2 * CHUNK ? n - i : CHUNK;
            loops.getFirst().map(chunk, x, xo + i, between[0], 0, p, q);
            for (int k = 1; k < stages; k++) {
                boolean last = k == stages - 1;
                loops.get(k).map(chunk, x, xo + i, 1, between[(k + 1) % 2], 0, 1, last ? y : between[k % 2],
                        last ? yo + i : 0, p, q);
            }
        }
    }

    /** Not from the pool, which belongs to one thread. */
    private Storage scratch() {
        return dtype == DType.F32 ? new Storage.F32(new float[2 * CHUNK]) : new Storage.F64(new double[2 * CHUNK]);
    }

    @Override
    public void map(int n, Storage a, int ao, int as, Storage b, int bo, int bs, Storage y, int yo, double p,
            double q) {
        throw new UnsupportedOperationException("functions of two variables have one stage");
    }
}
