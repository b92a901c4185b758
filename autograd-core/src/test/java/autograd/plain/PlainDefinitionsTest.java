package autograd.plain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import autograd.Tensor;
import autograd.array.DType;
import autograd.kernels.Form;
import autograd.plain.Call.Answer;
import autograd.plain.Definitions.Definition;
import autograd.plain.Definitions.Trait;
import autograd.plain.Given.Bools;
import autograd.plain.Given.Ints;
import autograd.plain.Plain.TooLargeToTry;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Every method of the catalogue agrees with its plain definition: values, shapes, dtypes and gradients, for
 * generated arguments in all layouts.
 */
class PlainDefinitionsTest {
    /** Elements of an array along which slopes are taken. */
    private static final int SLOPES = 6;
    static final int TRIES = Integer.getInteger("tries", 25);

    /** One test for each definition, with many arguments. */
    static Stream<DynamicTest> each(Consumer<Call> test) {
        List<Definition> all = Definitions.all();
        return IntStream.range(0, all.size()).mapToObj(k -> dynamicTest(all.get(k) + " " + k, () -> {
            for (int n = 0; n < TRIES; n++)
                test.accept(call(all.get(k), n));
        }));
    }

    private static Call call(Definition definition, int n) {
        return new Call(definition, definition.draw().apply(new Draw(seed(definition, n))));
    }

    private static long seed(Definition definition, int n) { return 1_000_003L * definition.method().hashCode() + n; }

    @TestFactory
    Stream<DynamicTest> values() {
        int[] turn = {0};
        return each(call -> {
            Form form = form(call, turn[0]++);
            for (DType dtype : DType.values()) {
                Call seen = call.with(call.seen(dtype, form));
                Answer answer = call.ask(dtype, form, turn[0] % Call.INT_FORMS);
                assertSame(seen, seen.expected(), answer, dtype);
            }
        });
    }

    /** Also at sizes that vector kernels compute, whose loops and threads leave remainders. */
    @TestFactory
    Stream<DynamicTest> valuesOfLargeArrays() {
        List<Definition> all = Definitions.all();
        return IntStream.range(0, all.size()).mapToObj(k -> dynamicTest(all.get(k) + " " + k, () -> {
            for (int n = 0; n < 1 + TRIES / 25; n++) {
                Call call;
                try {
                    call = new Call(all.get(k), all.get(k).draw().apply(new Draw(seed(all.get(k), n), true)));
                } catch (TooLargeToTry e) {
                    continue;
                }
                assertLarge(call, n + k);
            }
        }));
    }

    private static void assertLarge(Call call, int turn) {
        Form form = form(call, turn);
        for (DType dtype : DType.values()) {
            Call seen = call.with(call.seen(dtype, form));
            List<?> expected;
            try {
                expected = seen.expected();
            } catch (TooLargeToTry e) {
                continue;
            }
            if (dtype == DType.F64 || expected.stream().noneMatch(PlainDefinitionsTest::isHuge))
                assertSame(seen, expected, call.ask(dtype, form, turn % Call.INT_FORMS), dtype, 64);
        }
    }

    /** Whether it may be infinite in single precision. */
    private static boolean isHuge(Object result) {
        return result instanceof Plain y && DoubleStream.of(y.values()).anyMatch(v -> Math.abs(v) > 1e30);
    }

    private static Form form(Call call, int turn) {
        Form form = Form.values()[turn % Form.values().length];
        return call.definition().has(Trait.REGULAR) && form.name().startsWith("REPEATED") ? Form.CONTIGUOUS : form;
    }

    static void assertSame(Call call, List<?> expected, Answer answer, DType dtype) {
        assertSame(call, expected, answer, dtype, 1);
    }

    private static void assertSame(Call call, List<?> expected, Answer answer, DType dtype, double terms) {
        assertEquals(expected.size(), answer.results().size(), () -> "how many results of " + call);
        for (int i = 0; i < expected.size(); i++) {
            Object result = answer.results().get(i);
            switch (expected.get(i)) {
                case Plain y -> assertNear(y, (Plain) result, terms * precision(call, dtype), call);
                case Ints y -> {
                    assertArrayEquals(y.dims(), ((Ints) result).dims(), () -> "shape of " + call);
                    assertArrayEquals(y.values(), ((Ints) result).values(), call::toString);
                }
                case Bools y -> {
                    assertArrayEquals(y.dims(), ((Bools) result).dims(), () -> "shape of " + call);
                    assertArrayEquals(y.values(), ((Bools) result).values(), call::toString);
                }
                default -> throw new AssertionError(expected.get(i));
            }
            if (answer.dtypes().get(i) != null)
                assertEquals(dtype(call, dtype), answer.dtypes().get(i), () -> "dtype of " + call);
        }
    }

    /** The dtype of the arrays, or the one that was asked for; F32 is the default. */
    private static DType dtype(Call call, DType tried) {
        return call.given().all().stream().filter(DType.class::isInstance).map(DType.class::cast).findFirst()
                .orElse(call.given().arrays().isEmpty() && !call.given().all().contains(Given.Type.DTYPE)
                        ? DType.F32
                        : tried);
    }

    private static double precision(Call call, DType dtype) {
        double rough = call.definition().has(Trait.ROUGH) ? 16 : 1;
        return rough * (dtype(call, dtype) == DType.F32 || dtype == DType.F32 ? 4e-6 : 1e-13);
    }

    private static void assertNear(Plain expected, Plain actual, double precision, Call call) {
        assertArrayEquals(expected.dims(), actual.dims(), () -> "shape of " + call);
        double largest = DoubleStream.of(expected.values()).map(Math::abs).filter(Double::isFinite).max().orElse(0);
        for (int i = 0; i < expected.size(); i++) {
            int element = i;
            assertEquals(expected.values()[i], actual.values()[i], precision * (1 + largest),
                    () -> "element " + element + " of " + call);
        }
    }

    // ---- gradients

    @TestFactory
    Stream<DynamicTest> gradients() {
        int[] turn = {0};
        return each(call -> {
            if (call.definition().has(Trait.CONSTANT))
                return;
            Form form = form(call, turn[0]++);
            Call seen = call.with(call.seen(DType.F64, form));
            if (!(call.definition().has(Trait.KINKS) && hasEqual(seen.given().arrays())))
                assertGradients(call, form, seen);
        });
    }

    private static boolean hasEqual(List<Plain> arrays) {
        double[] all = arrays.stream().flatMapToDouble(x -> DoubleStream.of(x.values())).map(Math::abs).toArray();
        return DoubleStream.of(all).distinct().count() < all.length;
    }

    private static void assertGradients(Call call, Form form, Call seen) {
        Draw draw = new Draw(call.toString().hashCode());
        List<Plain> g = seen.expected().stream().filter(Plain.class::isInstance)
                .map(y -> draw.within(-2, 2, ((Plain) y).dims())).toList();
        if (seen.expected().stream().filter(Plain.class::isInstance)
                .anyMatch(y -> DoubleStream.of(((Plain) y).values()).anyMatch(v -> !Double.isFinite(v))))
            return;
        List<Tensor> gradients = call.gradients(DType.F64, form, g);
        List<Plain> arrays = seen.given().arrays();
        assertEquals(arrays.size(), gradients.size(), call::toString);
        for (int k = 0; k < arrays.size(); k++) {
            Tensor gradient = gradients.get(k);
            assertEquals(DType.F64, gradient.dtype());
            assertArrayEquals(arrays.get(k).dims(), gradient.shape().dims(), () -> "shape of a gradient of " + call);
            int[] some = draw.permutation(arrays.get(k).size());
            for (int i : Arrays.copyOf(some, Math.min(some.length, SLOPES))) {
                double slope = slope(seen, k, i, g);
                assertEquals(slope, gradient.toDoubleArray()[i], 1e-8 * (1 + Math.abs(slope)) * (1 + size(g)),
                        () -> "gradient of element " + i + " of " + arrays + " of " + call);
            }
        }
    }

    private static double size(List<Plain> g) { return g.stream().mapToInt(Plain::size).sum(); }

    /** The slope of {@code sum of g y} along element i of array k, from four points of the definition. */
    private static double slope(Call call, int k, int i, List<Plain> g) {
        double h = 2e-4;
        return (8 * (weighted(call, k, i, h, g) - weighted(call, k, i, -h, g))
                - (weighted(call, k, i, 2 * h, g) - weighted(call, k, i, -2 * h, g))) / (12 * h);
    }

    private static double weighted(Call call, int k, int i, double step, List<Plain> g) {
        List<Plain> arrays = new ArrayList<>(call.given().arrays());
        double[] moved = arrays.get(k).values().clone();
        moved[i] += step;
        arrays.set(k, new Plain(arrays.get(k).dims(), moved));
        double sum = 0;
        int n = 0;
        for (Object y : call.with(call.given().withArrays(arrays)).expected())
            if (y instanceof Plain p) {
                Plain weights = g.get(n++);
                for (int j = 0; j < p.size(); j++)
                    sum += weights.values()[j] * p.values()[j];
            }
        return sum;
    }

    // ---- completeness

    /** Methods without a plain definition: random ones, methods of the tape, accessors, and aliases. */
    private static final Set<String> OTHERS = Set.of("rand", "randn", "gumbel", "gamma", "categorical",
            "bernoulli", "infer", "onGradient", "stopGradient", "apply",
            "allFinite", "array", "backward", "detach", "dtype", "get", "item", "label", "self", "shape", "size",
            "toDoubleArray",
            "toFloatArray", "toString", "ofUnsigned", "equals", "hashCode");

    @Test
    void everyMethodHasADefinition() {
        Set<String> known = new TreeSet<>(), missing = new TreeSet<>();
        for (Definition d : Definitions.all())
            for (int n = 0; n < 20; n++)
                known.add(signature(call(d, n).method()));
        for (Class<?> type : List.of(Tensor.class, autograd.IntTensor.class, autograd.Mask.class))
            for (Method m : type.getMethods())
                if (m.getDeclaringClass() != Object.class && !OTHERS.contains(m.getName())
                        && !(Modifier.isStatic(m.getModifiers()) && (m.getName().equals("of")))
                        && m.getDeclaringClass().getPackageName().equals("autograd") && !m.isBridge())
                    missing.add(signature(m));
        missing.removeAll(known);
        assertTrue(missing.isEmpty(), () -> "without a definition in Plain*.java: " + missing);
    }

    private static String signature(Method m) {
        return m.getName() + Arrays.stream(m.getParameterTypes()).map(Class::getSimpleName)
                .collect(Collectors.joining(", ", "(", ")"));
    }
}
