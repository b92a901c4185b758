package autograd.kernels.vector.hotspot;

import jdk.incubator.vector.VectorShape;

/** How many vector registers the processor has: as many sums as fit in them make a micro-kernel. */
public final class VectorRegisters {
    /**
     * 32 with vectors of 512 bits (AVX-512) and on AArch64 (NEON, SVE), 16 elsewhere (SSE, AVX2). A processor
     * with AVX-512 that is restricted to 256 bits has 32, too, but cannot be told from one with AVX2. It gets the
     * kernels for 16, because C2 spills those for 32 on AVX2, where they are then three times as slow.
     */
    public static final int COUNT = VectorShape.preferredShape().vectorBitSize() == 512
            || "aarch64".equals(System.getProperty("os.arch")) ? 32 : 16;

    private VectorRegisters() {}
}
