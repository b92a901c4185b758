package autograd.benchmarks;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import autograd.benchmarks.Worker.Step;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;

/** OpenBLAS's sgemm on arrays of the Java heap, by a foreign call that copies nothing. */
final class OpenBlas {
    private static final int ROW_MAJOR = 101, PLAIN = 111, TRANSPOSED = 112;
    /** Asks Python for the OpenBLAS in NumPy's wheel. */
    private static final String IN_NUMPY = "import numpy, pathlib; print(next("
            + "pathlib.Path(numpy.__file__).parents[1].glob('numpy.libs/libscipy_openblas64_*')))";

    /** A build of OpenBLAS: its file, how it names its functions, and the C type of its whole numbers. */
    private record Build(String file, String prefix, String suffix, ValueLayout integer) {
        static final Build DEBIAN = new Build("libopenblas.so.0", "", "", JAVA_INT);

        static Build numpy() throws IOException {
            Process python = new ProcessBuilder("python3", "-c", IN_NUMPY)
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String file = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return new Build(file, "scipy_", "64_", JAVA_LONG);
        }

        SymbolLookup load() { return SymbolLookup.libraryLookup(file, Arena.global()); }

        MethodHandle find(SymbolLookup library, String name, FunctionDescriptor type, Linker.Option... options) {
            return Linker.nativeLinker().downcallHandle(library.findOrThrow(prefix + name + suffix), type, options);
        }
    }

    private final MethodHandle sgemm;

    private OpenBlas(int threads) throws Exception {
        Build build = Build.DEBIAN;
        SymbolLookup library;
        try {
            library = build.load();
        } catch (IllegalArgumentException absent) {
            try {
                build = Build.numpy();
                library = build.load();
            } catch (IOException | IllegalArgumentException e) {
                throw new UnsupportedOperationException(
                        "OpenBLAS: neither " + Build.DEBIAN.file + " nor a NumPy with one "
                                + "is installed; on Debian or Ubuntu: apt-get install libopenblas0-pthread",
                        e);
            }
        }
        ValueLayout n = build.integer;
        MethodHandle raw = build.find(library, "cblas_sgemm", FunctionDescriptor.ofVoid(JAVA_INT, JAVA_INT, JAVA_INT, n,
                n, n, JAVA_FLOAT, ADDRESS, n, ADDRESS, n, JAVA_FLOAT, ADDRESS, n), Linker.Option.critical(true));
        sgemm = MethodHandles.explicitCastArguments(raw, MethodType.methodType(void.class, int.class, int.class,
                int.class, int.class, int.class, int.class, float.class, MemorySegment.class, int.class,
                MemorySegment.class, int.class, float.class, MemorySegment.class, int.class));
        MethodHandle setThreads = build.find(library, "openblas_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
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
