package autograd.kernels.vector.lanes;

import autograd.kernels.settings.Settings;

import jdk.incubator.vector.VectorShape;

/**
 * The vector registers of the processor. Tests set {@code -Dautograd.vectorBits} and
 * {@code -Dautograd.vectorRegisters} to run the loops for other processors: the JDK computes with vectors of
 * any width, but slowly if the processor does not support the width.
 */
public final class VectorRegisters {
    public static final VectorShape SHAPE = shape(Settings.get().vectorBits());
    /**
     * As many sums as fit in them make a micro-kernel. 32 with vectors of 512 bits (AVX-512) and on AArch64
     * (NEON, SVE), 16 elsewhere (SSE, AVX2). A processor with AVX-512 that is restricted to 256 bits has 32, too,
     * but cannot be told from one with AVX2. It gets the kernels for 16, because C2 spills those for 32 on AVX2,
     * where they are then three times as slow.
     */
    public static final int COUNT = count(Settings.get().vectorRegisters());

    private VectorRegisters() {}

    private static VectorShape shape(int bits) {
        return bits == 0 ? VectorShape.preferredShape() : VectorShape.forBitSize(bits);
    }

    private static int count(int set) {
        if (set != 0)
            return set;
        return SHAPE == VectorShape.S_512_BIT || "aarch64".equals(System.getProperty("os.arch")) ? 32 : 16;
    }
}
