package autograd.kernels.vector.elementwise;

import autograd.array.DType;
import autograd.array.Storage;

import java.util.List;

/**
 * An intrinsic in stages: each gets x and the result of the one before. Two elementary functions are too much
 * for one loop, because HotSpot inlines no method of more than 2500 bytes of machine code.
 */
record StagedLoop(DType dtype, List<ElementwiseLoop> stages) implements ElementwiseLoop {
    /** Small enough for the L1 cache. */
    private static final int CHUNK = 1024;

    static ElementwiseLoop of(DType dtype, List<ElementwiseLoop> stages) {
        return stages.size() == 1 ? stages.getFirst() : new StagedLoop(dtype, stages);
    }

    @Override
    public void map(int n, Storage x, int xo, Storage y, int yo, double p, double q) {
        Storage[] between = {scratch(), scratch()};
        int last = stages.size() - 1;
        for (int i = 0, chunk; i < n; i += chunk) {
            chunk = n - i < 2 * CHUNK ? n - i : CHUNK;
            stages.getFirst().map(chunk, x, xo + i, between[0], 0, p, q);
            for (int k = 1; k < last; k++)
                stages.get(k).map(chunk, x, xo + i, 1, between[(k + 1) % 2], 0, 1, between[k % 2], 0);
            stages.get(last).map(chunk, x, xo + i, 1, between[(last + 1) % 2], 0, 1, y, yo + i);
        }
    }

    /** Not from the pool, which belongs to one thread. */
    private Storage scratch() {
        return dtype == DType.F32 ? new Storage.F32(new float[2 * CHUNK]) : new Storage.F64(new double[2 * CHUNK]);
    }

    @Override
    public void map(int n, Storage a, int ao, int as, Storage b, int bo, int bs, Storage y, int yo) {
        throw new UnsupportedOperationException("intrinsics of two variables have one stage");
    }
}
