package autograd.plain;

import static autograd.plain.PlainDefinitionsTest.assertSame;
import static autograd.plain.PlainDefinitionsTest.each;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.kernels.Form;
import autograd.plain.Plain.Refused;
import autograd.plain.Plain.TooLargeToTry;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Replaces the integer arguments of every method, found by reflection, by the first and last valid ones and
 * by extreme ones. The library must agree with the plain definition, and throw where it throws, with the
 * method's name in the message.
 */
class ArgumentsTest {
    private static final int[] EXTREME = {Integer.MIN_VALUE, Integer.MIN_VALUE + 1, -65536, -1, 0, 1, 2, 46340, 46341,
            65535, 65536, 1 << 30, (1 << 30) + 1, Integer.MAX_VALUE - 1, Integer.MAX_VALUE};

    private static final int MOST = 8;

    private static void assertAnswersAlike(Call call) {
        List<?> expected;
        try {
            expected = call.expected();
        } catch (TooLargeToTry e) {
            return;
        } catch (Refused e) {
            assertRefused(call, e);
            return;
        }
        try {
            assertSame(call, expected, call.ask(DType.F64, Form.CONTIGUOUS, 0), DType.F64);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new AssertionError(call + " is refused", e);
        }
    }

    private static void assertRefused(Call call, Refused why) {
        try {
            throw new AssertionError(call + " is not refused, it demands " + why.getMessage() + ": "
                    + call.ask(DType.F64, Form.CONTIGUOUS, 0));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            assertTrue(isNamed(call, String.valueOf(e.getMessage())), () -> call + ": " + e);
        }
    }

    /** Methods that take the extents of their result as they are. */
    private static final Set<String> SHAPED = Set.of("zeros", "ones", "full", "of", "broadcastTo");

    /** By the method's name, or as an argument that cannot even be made. */
    private static boolean isNamed(Call call, String message) {
        String method = call.definition().method();
        boolean shaped = SHAPED.contains(method)
                || call.given().all().stream().anyMatch(Given.Dims.class::isInstance);
        return message.startsWith(method) || message.startsWith("sliding: ")
                || shaped && (message.startsWith("shape [") || message.contains(" values do not fill shape "));
    }

    @TestFactory
    Stream<DynamicTest> nextTo() {
        return each(call -> {
            for (int i = 0; i < call.given().integers(); i++)
                for (int more = -1; more <= 1; more += 2)
                    assertAnswersAlike(call.with(call.given().with(i, call.given().get(i) + more)));
        });
    }

    @TestFactory
    Stream<DynamicTest> extreme() {
        return each(call -> {
            Draw draw = new Draw(call.toString().hashCode());
            int n = call.given().integers();
            for (int i = 0; i < Math.min(n, MOST); i++)
                assertAnswersAlike(call.with(call.given().with(i, draw.from(EXTREME))));
            if (n > 1)
                assertAnswersAlike(call.with(call.given().with(draw.in(0, n - 1), draw.from(EXTREME))
                        .with(draw.in(0, n - 1), draw.from(EXTREME))));
        });
    }

    // ---- axes

    private static final int FAR = 100;

    /** An argument that can be out of range as an axis is one: then it may count from the last. */
    @TestFactory
    Stream<DynamicTest> axesCountFromTheLastToo() {
        return each(call -> IntStream.range(0, call.given().integers()).filter(i -> isAxis(call, i)).forEach(i -> {
            int n = (int) IntStream.range(0, FAR).takeWhile(axis -> isInRange(call, i, axis)).count();
            for (int axis = 0; axis < n; axis++)
                assertEquals(answer(call, i, axis).results(), answer(call, i, axis - n).results(),
                        () -> call + " along argument " + i);
            assertTrue(!isInRange(call, i, -n - 1), () -> call + " along argument " + i + " of " + n);
        }));
    }

    private static boolean isAxis(Call call, int i) { return !isInRange(call, i, FAR); }

    private static boolean isInRange(Call call, int i, int axis) {
        return !answer(call, i, axis).refusal().contains("axis " + axis + " is out of range");
    }

    /** What a call gives: no results if it is refused, as a wrong axis that is there may be. */
    private record Attempt(String results, String refusal) {}

    private static Attempt answer(Call call, int i, int axis) {
        try {
            return new Attempt(call.with(call.given().with(i, axis)).ask(DType.F64, Form.CONTIGUOUS, 0).toString(), "");
        } catch (IllegalArgumentException | IndexOutOfBoundsException | TooLargeToTry e) {
            return new Attempt("", String.valueOf(e.getMessage()));
        }
    }
}
