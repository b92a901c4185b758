package autograd.benchmarks;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import autograd.benchmarks.Worker.Step;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** OpenBLAS's sgemm on arrays of the Java heap, by a foreign call that copies nothing. */
final class OpenBlas {
    private static final String LIBRARY = "libopenblas.so.0";
    private static final int ROW_MAJOR = 101, PLAIN = 111, TRANSPOSED = 112;

    private final MethodHandle sgemm;

    private OpenBlas(int threads) throws Exception {
        SymbolLookup library;
        try {
            library = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new UnsupportedOperationException("OpenBLAS: " + LIBRARY
                    + " is not installed; on Debian or Ubuntu: apt-get install libopenblas0-pthread", e);
        }
        Linker linker = Linker.nativeLinker();
        sgemm = linker.downcallHandle(library.findOrThrow("cblas_sgemm"),
                FunctionDescriptor.ofVoid(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_FLOAT,
                        ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_FLOAT, ADDRESS, JAVA_INT),
                Linker.Option.critical(true));
        MethodHandle setThreads = linker.downcallHandle(library.findOrThrow("openblas_set_num_threads"),
                FunctionDescriptor.ofVoid(JAVA_INT));
        try {
            setThreads.invokeExact(threads);
        } catch (Throwable e) {
            throw new IllegalStateException("openblas_set_num_threads", e);
        }
    }

    static void main(String[] args) throws Exception {
        Worker.serve((work, threads) -> switch (work) {
            case Work.Gemm w -> new OpenBlas(threads).product(w);
            default -> throw Worker.refused(work, "OpenBLAS multiplies matrices: W2 is all it does");
        }, args);
    }

    private Step product(Work.Gemm w) {
        float[] c = new float[w.m() * w.n()];
        MemorySegment a = MemorySegment.ofArray(w.a()), b = MemorySegment.ofArray(w.b()), y = MemorySegment.ofArray(c);
        int ta = w.transposeA() ? TRANSPOSED : PLAIN, tb = w.transposeB() ? TRANSPOSED : PLAIN;
        int lda = w.shapeA()[1], ldb = w.shapeB()[1];
        return () -> {
            try {
                sgemm.invokeExact(ROW_MAJOR, ta, tb, w.m(), w.n(), w.k(), 1f, a, lda, b, ldb, 0f, y, w.n());
            } catch (Throwable e) {
                throw new IllegalStateException("cblas_sgemm", e);
            }
            return c[0];
        };
    }
}
