package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

class TransactionTest {
    private final Variable v = new Variable("v", Tensor.of(DType.F64, 1, 2));

    /**
     * Against a plain model, a stack of copies: 0 opens, 1 commits, 2 closes, the others change a variable, by
     * assigning, by an update, or by assigning another's view.
     */
    @Property(tries = 300)
    void isAStackOfCopies(@ForAll @Size(max = 40) List<@IntRange(max = 9) Integer> actions) {
        List<Variable> variables = Stream.generate(() -> new Variable(Tensor.of(DType.F64, 1, 2))).limit(3).toList();
        double[][] now = read(variables);
        Deque<Transaction> open = new ArrayDeque<>();
        Deque<double[][]> before = new ArrayDeque<>();
        int number = 0;
        for (int action : actions) {
            number++;
            if (action == 0) {
                open.push(new Transaction());
                before.push(now);
            } else if (action <= 2) {
                if (open.isEmpty())
                    continue;
                Transaction innermost = open.pop();
                double[][] was = before.pop();
                if (action == 1)
                    innermost.commit();
                else
                    now = was;
                innermost.close();
            } else {
                Variable changed = variables.get(action % 3), other = variables.get(number % 3);
                double[][] next = Arrays.stream(now).map(double[]::clone).toArray(double[][]::new);
                switch (action) {
                    case 3, 4, 5 -> next[action % 3] = new double[]{number, -number};
                    case 6, 7, 8 ->
                        next[action % 3] = new double[]{now[action % 3][0] - number, now[action % 3][1] - 1};
                    default -> next[action % 3] = now[number % 3].clone();
                }
                switch (action) {
                    case 3, 4, 5 -> changed.assign(Tensor.of(DType.F64, number, -number));
                    case 6, 7, 8 -> changed.update((s, g) -> s[0] -= g, Tensor.of(DType.F64, number, 1));
                    default -> changed.assign(other.detach());
                }
                now = next;
            }
            assertArrayEquals(now, read(variables));
        }
        while (!open.isEmpty()) {
            open.pop().close();
            now = before.pop();
            assertArrayEquals(now, read(variables));
        }
    }

    private static double[][] read(List<Variable> variables) {
        return variables.stream().map(Tensor::toDoubleArray).toArray(double[][]::new);
    }

    private static void assertSays(Throwable e, String... parts) {
        for (String part : parts)
            assertTrue(String.valueOf(e.getMessage()).contains(part), () -> part + " is not in: " + e.getMessage());
    }

    @Test
    void undoesSlotsTooAndLeavesViewsAlone() {
        var slot = new Variable(Tensor.of(DType.F64, 5, 6));
        Tensor inside;
        try (var _ = new Transaction()) {
            v.update((s, g) -> {
                s[0] += g;
                s[1] += g;
            }, Tensor.of(DType.F64, 1, 1), slot);
            inside = v.detach();
        }
        assertArrayEquals(new double[]{1, 2}, v.toDoubleArray());
        assertArrayEquals(new double[]{5, 6}, slot.toDoubleArray());
        assertArrayEquals(new double[]{2, 3}, inside.toDoubleArray());
    }

    @Test
    void aTapeKnowsThatAVariableWasTakenBack() {
        try (var tape = new GradientTape()) {
            Tensor y;
            try (var _ = new Transaction()) {
                v.assign(Tensor.of(DType.F64, 3, 4));
                y = v.square().sum();
            }
            assertSays(assertThrows(IllegalStateException.class, () -> tape.gradient(y, v)), "variable v", "changed");
        }
    }

    @Test
    void closingAnOuterTapeClosesInnerTapesLeftOpen() {
        var outer = new Transaction();
        var inner = new Transaction();
        v.assign(Tensor.of(DType.F64, 3, 4));
        outer.close();
        assertArrayEquals(new double[]{1, 2}, v.toDoubleArray());
        assertThrows(IllegalStateException.class, inner::commit);
        inner.close();
        v.assign(Tensor.of(DType.F64, 7, 8));
        outer.close();
        assertArrayEquals(new double[]{7, 8}, v.toDoubleArray());
    }

    @Test
    void commitsOnceTheInnermostFirst() {
        try (var outer = new Transaction(); var inner = new Transaction()) {
            assertSays(assertThrows(IllegalStateException.class, outer::commit), "innermost");
            inner.commit();
            assertSays(assertThrows(IllegalStateException.class, inner::commit), "once");
            outer.commit();
        }
    }

    @Test
    void belongsToItsThread() throws InterruptedException {
        var other = new Variable(Tensor.of(DType.F64, 0));
        var thrown = new AtomicReference<Throwable>();
        try (var transaction = new Transaction()) {
            Thread thread = Thread.ofPlatform().start(() -> {
                other.assign(Tensor.of(DType.F64, 9));
                try {
                    transaction.close();
                } catch (IllegalStateException e) {
                    thrown.set(e);
                }
            });
            thread.join();
            v.assign(Tensor.of(DType.F64, 3, 4));
        }
        assertSays(thrown.get(), "thread");
        assertArrayEquals(new double[]{1, 2}, v.toDoubleArray());
        assertEquals(9, other.item());
    }
}
