package autograd.kernels.vector;

import static autograd.kernels.vector.Agreement.axes;
import static autograd.kernels.vector.Agreement.convolve;
import static autograd.kernels.vector.Agreement.elements;
import static autograd.kernels.vector.Agreement.finite;
import static autograd.kernels.vector.Agreement.largeMatmul;
import static autograd.kernels.vector.Agreement.matmul;
import static autograd.kernels.vector.Agreement.matmuls;
import static autograd.kernels.vector.Agreement.moves;
import static autograd.kernels.vector.Agreement.picks;
import static autograd.kernels.vector.Agreement.pool;
import static autograd.kernels.vector.Agreement.rows;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import autograd.array.DType;
import autograd.array.Shape;
import autograd.kernels.Convolution;
import autograd.kernels.Convolution.Part;
import autograd.kernels.Kernels;
import autograd.kernels.vector.convolution.Convolutions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Sizes at which kernels switch algorithms. Every numeric constant of the kernels is in one of two tables:
 * either it is such a size, and the test computes just below it, at it and just above it, or the table gives
 * the reason why it is not.
 */
class ThresholdsTest {
    /** Computes at a size near a constant. */
    private interface Case {
        void check(DType dtype, int size);
    }

    private static final Map<String, Case> SIZES = Map.ofEntries(
            // scalar kernels
            entry("Im2col.SIZE", (t, n) -> {
                convolve(t, row(3, n, Part.OUTPUT));
                convolve(t, row(7, n / 3, Part.OUTPUT));
            }),
            entry("ScalarKernels.COLUMNS", (t, n) -> convolve(t, row(1, n, Part.OUTPUT), Part.OUTPUT)),
            entry("Matmul.HEIGHT", (t, n) -> matmul(t, n, 20, 7)),
            entry("Matmul.WIDTH", (t, n) -> {
                matmul(t, 20, n, 7);
                matmul(t, n, n / 2, 3);
            }),
            entry("Matmul.DEPTH", (t, n) -> {
                matmul(t, 3, 20, n);
                matmul(t, 3, 20, 2 * n);
                matmul(t, 2, 3, n);
            }),
            entry("Matmul.NARROW", (t, n) -> matmul(t, n, n, n)),
            // products
            entry("MicroKernel.WIDTH", (t, n) -> matmul(t, 21, n, 9)),
            entry("MicroKernel.HEIGHT", (t, n) -> {
                for (int m = n; m < 4 * n; m += n)
                    matmul(t, m, 70, 11);
            }),
            entry("RowMicroKernel.STRIDE", (t, n) -> matmul(t, 25, 33, n)),
            entry("Gemm.WIDTH", (t, n) -> matmul(t, 25, 3 * n, 20)),
            entry("Gemm.HEIGHT", (t, n) -> matmul(t, 5 * n, 40, 20)),
            entry("Gemm.STEP", (t, n) -> matmul(t, n, 40, 20)),
            entry("Gemm.DEPTH", (t, n) -> {
                matmul(t, 13, 35, n);
                matmul(t, 13, 35, 2 * n);
                matmul(t, 1, 35, n);
            }),
            entry("Pairwise.TERMS", (t, n) -> {
                axes(t, n, 1);
                axes(t, 2, n);
                axes(t, n, 17);
                rows(t, 2, n);
            }),
            entry("Gemm.TERMS", (t, n) -> {
                matmul(t, 3, 35, n);
                matmul(t, 3, 35, 2 * n);
            }),
            entry("Gemm.ROWS", (t, n) -> {
                matmul(t, n, 9, 801);
                matmul(t, 2 * n, 9, 801);
                matmul(t, 4 * n, 9, 40);
            }),
            entry("Gemm.SMALL", (t, n) -> products(t, n, 1)),
            entry("Gemm.FEW_ROWS", (t, n) -> {
                matmul(t, n, 64, 30);
                matmul(t, n, 65, 30);
            }),
            entry("Gemm.FEW_TERMS", (t, n) -> matmul(t, 31, 20, n)),
            entry("Gemm.FEW_COLUMNS", (t, n) -> matmul(t, 31, n, 30)),
            entry("Gemm.PART", (t, n) -> {
                products(t, n, 1);
                products(t, 2 * n, 1);
                products(t, 5 * n, 1);
            }),
            entry("Gemm.LARGE", (t, n) -> {
                products(t, n, 1);
                products(t, 3 * n, 1);
            }),
            entry("Gemv.BLOCK", (t, n) -> {
                for (int k : new int[]{3, 8, 160}) {
                    matmul(t, 1, n, k);
                    matmul(t, n, 1, k);
                }
                matmul(t, 1, 3 * n, 101);
            }),
            entry("BatchedMatmul.PART", (t, n) -> {
                products(t, n / 7, 7);
                products(t, 2 * n / 7, 7);
                products(t, 2 * n / 101, 101);
            }),
            entry("BatchedMatmul.LARGE", (t, n) -> products(t, n, 2)),
            // convolution and pooling
            entry("ConvolutionMicroKernel.WIDTH", (t, n) -> convolve(t, 2, 2, 3, 1, n, 1, 1, 1, 1, 1)),
            entry("ConvolutionMicroKernel.HEIGHT", (t, n) -> {
                convolve(t, 2, 2, n, 7, 9, 3, 1, 1, 1, 1);
                convolve(t, 2, n, 2 * n + 3, 7, 9, 3, 1, 1, 1, 1);
            }),
            entry("Convolution.WIDTH", (t, n) -> convolve(t, 2, 2, 3, 5, n, 3, 1, 1, 1, 1)),
            entry("Convolution.BLOCK", (t, n) -> {
                convolve(t, n / 80, 1, 3, 12, 12, 3, 1, 0, 1, 1); // some images at a time, and what is left of them
                for (int in = n / 2048; in <= n / 1024; in += n / 8192) // so with channels
                    convolve(t, 2, in, 2, 12, 12, 3, 1, 0, 1, 1);
            }),
            entry("Convolution.CHAIN", (t, n) -> {
                for (int lanes = 2; lanes <= 16; lanes *= 2)
                    convolve(t, 1, 1, 2, 4, n / 4 * lanes, 1, 1, 0, 1, 1);
            }),
            entry("Convolution.PARTS", (t, n) -> convolve(t, n, 1, 2, 6, 6, 3, 1, 0, 1, 1)),
            entry("Convolution.FEW", (t, n) -> convolve(t, row(n, 64, 4, 4, 257))),
            entry("Convolution.LARGE", (t, n) -> {
                for (int size = n / 256 - 1; size <= n / 256 + 1; size++)
                    convolve(t, row(9, 64, 4, 4, size), Part.KERNEL);
            }),
            entry("Convolutions.SMALL", (t, n) -> convolve(t, row(1, n, Part.KERNEL))),
            entry("Convolutions.MAX_WINDOW", (t, n) -> {
                int size = (int) Math.sqrt(n);
                pool(t, 3, 80, 81, size, size, 0);
                pool(t, 3, 80, 81, size + 1, 2, size / 2);
            }),
            entry("Convolutions.MAX_WIDTH", (t, n) -> pool(t, 1, 2, n, 2, 3, 1)),
            entry("PolyphaseLayout.MANY", (t, n) -> {
                for (int width = 1; width <= n + 1; width++)
                    convolve(t, 1, 1, 1, 1, 1 + width % n, 1, 1, 1, 1, 1);
            }),
            entry("PolyphaseLayout.SCRATCH", (t, n) -> scratch(t, n)),
            // elements, rows and axes
            entry("CompileGate.SMALL", (t, n) -> {
                elements(t, n);
                axes(t, n);
                axes(t, n / 3, 3);
                axes(t, 2, n / 2);
                rows(t, n / 3, 3);
                rows(t, 3, n / 3);
                rows(t, 1, n);
                moves(t, 3, n / 3);
                moves(t, n / 3, 3);
                picks(t, 4, n / 4, 3);
                picks(t, n / 4, 4, 5);
                picks(t, 9, 4, n / 4);
            }),
            entry("VectorKernels.FINITE", (t, n) -> finite(t, n)),
            entry("VectorKernels.REDUCED", (t, n) -> {
                axes(t, n);
                axes(t, n / 100, 100);
                axes(t, 100, n / 100);
                axes(t, n / 3, 3);
                axes(t, 3, n / 3);
                axes(t, 4, n / 64, 16);
            }),
            entry("Chunks.SIZE", (t, n) -> {
                chunks(t, 2 * n); // from there on more than one
                elements(t, 3 * n);
                rows(t, 3 * n / 10, 10);
            }),
            entry("SaturatingLoop.CHUNK", (t, n) -> {
                for (int times = 1; times <= 3; times++)
                    elements(t, times * n);
            }),
            entry("StagedLoop.CHUNK", (t, n) -> {
                for (int times = 1; times <= 3; times++)
                    elements(t, times * n);
            }),
            entry("ArrayLoops.TILE", (t, n) -> {
                moves(t, n, 40);
                moves(t, 40, n);
                moves(t, 2 * n, 3 * n);
            }),
            entry("Width.LANES", ThresholdsTest::vectors),
            entry("AxisLoops.SHORT", (t, n) -> axes(t, 3, 7, n)),
            entry("AxisLoops.L", (t, n) -> axes(t, 3, 7, 2 * n)),
            entry("Reductions.SHORT", (t, n) -> {
                axes(t, 9000 / n * 2, n);
                axes(t, n, 9000 / n * 2);
            }),
            entry("Reductions.L", (t, n) -> {
                for (int times : new int[]{1, 4, 5, 9})
                    axes(t, 17_000 / n / times, times * n);
            }),
            entry("Softmax.WIDE", (t, n) -> rows(t, 37, n)),
            entry("Softmax.CHUNK", (t, n) -> {
                rows(t, 3, n);
                rows(t, 2 * n / 100 + 3, 100);
            }),
            entry("Standardize.SHORT", (t, n) -> rows(t, 5, n)),
            entry("Standardize.LD", (t, n) -> rows(t, 5, 2 * n)));

    private static final String TIME = "is about when a loop is compiled, or how long to wait: no result depends on it",
            FORMULA = "stands in a formula: the functions are tested over the whole range of numbers";

    private static final Map<String, String> OTHERS = Map.ofEntries(
            entry("Selection.OPTIMIZED", "is a number of HotSpot's; SelectionTest has those below"),
            entry("Selection.SHORTEST", "is a width of vectors; SelectionTest has one below"),
            entry("FreeList.SIZE", "is how many arrays wait to be lent; IdleThreadsTest has more borrowers than that"),
            entry("Copies.WORK", "counts elements over the life of the program; FunctionLoopsTest goes beyond it"),
            entry("Loops.WORK", "counts elements over the life of the program; Agreement calls both sides by force"),
            entry("CompileGate.TERMS", TIME), entry("CompileGate.CALLS", TIME), entry("CompileGate.BATCH", TIME),
            entry("CompileGate.MAX_CALLS", TIME), entry("CompileGate.FAST", TIME), entry("CompileGate.PAUSE", TIME),
            entry("CompileGate.WARMUP_WORK", TIME), entry("CompileGate.GROWTH", TIME), entry("Team.PATIENCE", TIME),
            entry("Team.LATE", TIME), entry("Team.ALONE", TIME),
            entry("Team.THREADS", "is how many threads there are; the build runs these tests with 1, 2, 3 and 5"),
            entry("VectorRegisters.COUNT", "is given by the processor; the build runs these tests with 16 and 32"),
            entry("VectorKernels.EXACT", "is an extent that with a vector of columns beside it takes a gigabyte"),
            entry("Convolutions.MAX_IMAGE", "is a size of scratch that takes four gigabytes"),
            entry("PolyphaseLayout.TIMES", "takes the part of SCRATCH for operands of more than a million elements"),
            entry("Softmax.CANCELS", FORMULA), entry("Erf.ROUND", FORMULA), entry("Functions.ROOT", FORMULA),
            entry("Elementary.ROUND", FORMULA),
            entry("Elementary.ROUND_D", FORMULA), entry("Elementary.LOG2E", FORMULA),
            entry("Elementary.LN2", FORMULA), entry("Elementary.LN2_LOW", FORMULA),
            entry("Elementary.LOG2E_D", FORMULA), entry("Elementary.LN2_D", FORMULA),
            entry("Elementary.LN2_LOW_D", FORMULA), entry("Elementary.ROOT", FORMULA),
            entry("Elementary.ROOT_D", FORMULA));

    // ---- shapes that have a given size

    /**
     * A product of matrices, or of a batch of them, with about the given number of multiplications in each;
     * exactly if possible.
     */
    private static void products(DType dtype, int multiplications, int count) {
        int m = 1, n = 1, rest = multiplications;
        for (int d = (int) Math.cbrt(rest); d > 1 && m == 1; d--)
            m = rest % d == 0 ? d : 1;
        rest /= m;
        for (int d = (int) Math.sqrt(rest); d > 1 && n == 1; d--)
            n = rest % d == 0 ? d : 1;
        if (count > 1)
            matmuls(dtype, count, m, n, rest / n);
        else if (multiplications < 1 << 20)
            matmul(dtype, m, n, rest / n);
        else
            largeMatmul(dtype, m, n, rest / n);
    }

    /**
     * Convolution kernels of one row over images of several rows. For each row of the output, columns times terms
     * is the given size; either the output or the kernel is large.
     */
    private static Convolution row(int height, int columns, Part large) {
        int small = (int) Math.sqrt(columns);
        while (columns % small != 0)
            small--;
        int size = large == Part.KERNEL ? columns / small : small, across = columns / size;
        return new Convolution(Shape.of(1, 1, height, across + size - 1), Shape.of(1, 1, 1, size),
                Shape.of(1, 1, height, across), 1, 0, 1, 1);
    }

    /** Kernels of one row over n images of one. */
    private static Convolution row(int n, int out, int in, int across, int size) {
        return new Convolution(Shape.of(n, in, 1, across + size - 1), Shape.of(out, in, 1, size),
                Shape.of(n, out, 1, across), 1, 0, 1, 1);
    }

    /**
     * A convolution of few elements and much padding, with planes just below and just above the largest size.
     */
    private static void scratch(DType dtype, int limit) {
        int padding = 1;
        while (Convolutions.suits(padded(padding)))
            padding++;
        assertEquals(limit, 28 * 4.0 * padding * padding, 0.1 * limit); // 28 planes or so, each twice the padding wide
        convolve(dtype, padded(padding - 1));
        convolve(dtype, padded(padding));
    }

    private static Convolution padded(int padding) {
        return new Convolution(Shape.of(1, 1, 3, 3), Shape.of(1, 1, 3, 3), Shape.of(1, 1, 5, 5), 1, padding,
                padding - 1, 1);
    }

    /** All operations that are split into chunks, with about the given number of elements. */
    private static void chunks(DType dtype, int n) {
        elements(dtype, n);
        finite(dtype, n);
        axes(dtype, n);
        axes(dtype, n / 260 + 1, 260);
        axes(dtype, n / 10, 10);
        axes(dtype, 10, n / 10);
        rows(dtype, n / 10, 10);
        rows(dtype, n / 260 + 1, 260);
        picks(dtype, n / 260 + 1, 26, 11);
        moves(dtype, n / 100, 101);
        pool(dtype, n / 300 + 1, 15, 20, 3, 2, 1);
    }

    /** All vector loops, at sizes around one, two and four vectors. */
    private static void vectors(DType dtype, int n) {
        for (int length : new int[]{n, 2 * n, 2 * n + 1, 3 * n, 4 * n, 5 * n - 1}) {
            elements(dtype, 64 + length);
            axes(dtype, 5, length);
            axes(dtype, length, 5);
            axes(dtype, 4, 5, length);
            rows(dtype, 7, length);
            rows(dtype, length, 3);
            moves(dtype, 5, length);
            picks(dtype, 9, length, 4);
            matmul(dtype, 1, length, 80);
            matmul(dtype, 1, 80, length);
            matmul(dtype, 15, length, 15);
            pool(dtype, 2, 4, length, 3, 1, 1);
            pool(dtype, 2, length, 4, 2, 2, 0);
            convolve(dtype, 2, 2, 3, 4, length, 3, 1, 1, 1, 1);
        }
    }

    // ---- the constants

    /** A constant of the kernels, with its dtype if it exists once for each dtype. */
    record Constant(String name, List<DType> dtypes, double value) {
        static Constant of(Field field) {
            String type = field.getDeclaringClass().getSimpleName();
            boolean floats = type.startsWith("Float"), doubles = type.startsWith("Double");
            try {
                field.setAccessible(true);
                return new Constant((floats ? type.substring(5) : doubles ? type.substring(6) : type) + "."
                        + field.getName(),
                        floats ? List.of(DType.F32) : doubles ? List.of(DType.F64) : List.of(DType.values()),
                        ((Number) field.get(null)).doubleValue());
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public String toString() { return name + " " + dtypes + " " + value; }
    }

    static List<Constant> constants() throws IOException, URISyntaxException {
        Path classes = Path.of(Kernels.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(classes.resolve("autograd/kernels"))) {
            return files.map(f -> classes.relativize(f).toString().replace('/', '.').replace('\\', '.'))
                    .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class")).sorted()
                    .flatMap(name -> Arrays.stream(type(name.substring(0, name.length() - 6)).getDeclaredFields()))
                    .filter(f -> Modifier.isStatic(f.getModifiers()) && Modifier.isFinal(f.getModifiers())
                            && f.getType().isPrimitive() && f.getType() != boolean.class && !f.isSynthetic())
                    .map(Constant::of).toList();
        }
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name, false, Kernels.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    static List<Constant> sizes() throws IOException, URISyntaxException {
        return constants().stream().filter(c -> SIZES.containsKey(c.name)).toList();
    }

    @Test
    void everyConstantIsASizeOrHasAReason() throws IOException, URISyntaxException {
        Set<String> there = new TreeSet<>(), listed = new TreeSet<>(SIZES.keySet());
        constants().forEach(c -> there.add(c.name));
        assertNotEquals(Set.of(), there);
        listed.addAll(OTHERS.keySet());
        assertEquals(SIZES.size() + OTHERS.size(), listed.size(), "a constant is in both tables");
        assertEquals(there, listed,
                "add new constants to one of the tables here, and remove constants that no longer exist");
    }

    /**
     * In each dtype that has its own constant. If both dtypes share a constant, alternately in F32 and F64; with
     * -Dtries in both.
     */
    @ParameterizedTest
    @MethodSource("sizes")
    void agreesWithDefinitionsOnBothSides(Constant constant) {
        for (int by = -1; by <= 1; by++)
            for (DType dtype : constant.dtypes)
                if (constant.dtypes.size() == 1 || by != 0 == (dtype == DType.F32)
                        || Integer.getInteger("tries") != null)
                    SIZES.get(constant.name).check(dtype, (int) constant.value + by);
    }
}
