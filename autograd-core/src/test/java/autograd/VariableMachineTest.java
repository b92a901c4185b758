package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.array.DType;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.state.ActionChain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Variables that are assigned, updated, viewed, and taken back, with a tape that is open now and then,
 * against plain arrays of numbers and of slopes.
 */
class VariableMachineTest {
    private static final int TRAINABLE = 2, SIZE = 4;

    /** Results that are views: where each of the 4 elements comes from. */
    private enum View {
        FLIP(2, 3, 0, 1), TRANSPOSE(0, 2, 1, 3), ROW(2, 3, 2, 3), RESHAPE(0, 1, 2, 3);

        final int[] from;

        View(int... from) { this.from = from; }

        Tensor of(Tensor x) {
            return switch (this) {
                case FLIP -> x.flip(0);
                case TRANSPOSE -> x.transpose();
                case ROW -> x.slice(0, 1, 2).broadcastTo(2, 2);
                case RESHAPE -> x.reshape(4).reshape(2, 2);
            };
        }
    }

    /**
     * A tensor and what it must be: its elements, the slope of each along every element of the trainable
     * variables, which of those it depends on, and the versions of the variables that its operations used.
     */
    private record Value(Tensor tensor, double[] numbers, double[][] slopes, boolean[] reached,
            Map<Integer, Integer> used) {
        boolean isTracked() { return reached[0] || reached[1]; }
    }

    /** Two trainable variables and one that is not, which is the slot of updates. */
    private static final class Machine {
        final Variable[] variables = new Variable[TRAINABLE + 1];
        final double[][] numbers = new double[TRAINABLE + 1][], grads = new double[TRAINABLE][];
        final int[] versions = new int[TRAINABLE + 1];
        final List<Value> values = new ArrayList<>();
        final Deque<Transaction> transactions = new ArrayDeque<>();
        final Deque<Map<Integer, double[]>> before = new ArrayDeque<>();
        private GradientTape tape;

        Machine() {
            for (int i = 0; i < variables.length; i++) {
                numbers[i] = new double[]{0.5 + i, -0.25, 0.75 * i, -1};
                variables[i] = new Variable("v" + i, Tensor.of(DType.F64, numbers[i]).reshape(2, 2), i < TRAINABLE);
            }
        }

        /** One of the variables as it is now, or what was computed before. */
        Value pick(int choice) {
            int i = choice % (variables.length + values.size());
            if (i >= variables.length)
                return values.get(i - variables.length);
            double[][] slopes = new double[SIZE][TRAINABLE * SIZE];
            boolean[] reached = new boolean[TRAINABLE];
            if (i < TRAINABLE && tape != null) {
                reached[i] = true;
                for (int k = 0; k < SIZE; k++)
                    slopes[k][i * SIZE + k] = 1;
            }
            return new Value(variables[i], numbers[i], slopes, reached, Map.of());
        }

        void assign(int i, int choice) {
            Value value = pick(choice);
            variables[i].assign(value.tensor);
            changes(i, value.numbers.clone());
        }

        void update(int i, int choice) {
            Value g = pick(choice);
            double[] gradient = g.numbers.clone(), w = numbers[i].clone(), s = numbers[TRAINABLE].clone();
            variables[i].update((e, d) -> {
                e[1] = 0.5 * e[1] + d;
                e[0] = 0.5 * e[0] - 0.25 * e[1];
            }, g.tensor, variables[TRAINABLE]);
            for (int k = 0; k < SIZE; k++) {
                s[k] = 0.5 * s[k] + gradient[k];
                w[k] = 0.5 * w[k] - 0.25 * s[k];
            }
            changes(i, w);
            changes(TRAINABLE, s);
        }

        private void changes(int i, double[] now) {
            if (!before.isEmpty())
                before.peek().putIfAbsent(i, numbers[i]);
            numbers[i] = now;
            versions[i]++;
        }

        void view(View view, int choice) {
            Value x = pick(choice);
            double[] y = Arrays.stream(view.from).mapToDouble(k -> x.numbers[k]).toArray();
            add(view.of(x.tensor), y, k -> x.slopes[view.from[k]], x);
        }

        void sine(int p, int q) {
            Value a = pick(p), b = pick(q);
            double[] y = new double[SIZE];
            double[][] slopes = new double[SIZE][TRAINABLE * SIZE];
            for (int k = 0; k < SIZE; k++) {
                double x = a.numbers[k] * b.numbers[k];
                y[k] = Math.sin(x);
                for (int c = 0; c < slopes[k].length; c++)
                    slopes[k][c] = Math.cos(x) * (a.slopes[k][c] * b.numbers[k] + a.numbers[k] * b.slopes[k][c]);
            }
            add(a.tensor.mul(b.tensor).sin(), y, k -> slopes[k], a, b);
        }

        void detach(int choice) {
            Value x = pick(choice);
            values.add(constant(x.tensor.detach(), x.numbers));
        }

        private static Value constant(Tensor t, double[] numbers) {
            return new Value(t, numbers, new double[SIZE][TRAINABLE * SIZE], new boolean[TRAINABLE], Map.of());
        }

        private void add(Tensor y, double[] numbers, IntFunction<double[]> slopes, Value... in) {
            boolean[] reached = new boolean[TRAINABLE];
            Map<Integer, Integer> used = new HashMap<>();
            for (Value x : in)
                for (int i = 0; i < TRAINABLE; i++)
                    reached[i] |= x.reached[i];
            for (Value x : in) {
                if (x.isTracked())
                    x.used.forEach((i, version) -> used.merge(i, version, Math::min));
                for (int i = 0; i < variables.length; i++)
                    if (x.tensor == variables[i])
                        used.merge(i, versions[i], Math::min);
            }
            if (tape == null || !(reached[0] || reached[1]))
                values.add(constant(y, numbers));
            else
                values.add(new Value(y, numbers, new double[][]{slopes.apply(0), slopes.apply(1), slopes.apply(2),
                        slopes.apply(3)}, reached, used));
        }

        void open() {
            if (tape == null)
                tape = new GradientTape().persistent();
        }

        void close() {
            if (tape == null)
                return;
            tape.close();
            tape = null;
            values.replaceAll(v -> constant(v.tensor, v.numbers));
        }

        /** Fails if the value is a constant or if a variable was changed since it was used, else adds gradients. */
        void backward(int choice) {
            Value y = pick(choice);
            boolean stale = y.isTracked()
                    && y.used.entrySet().stream().anyMatch(e -> versions[e.getKey()] > e.getValue());
            if (tape == null || !y.isTracked() || stale) {
                var e = assertThrows(IllegalStateException.class, () -> y.tensor.sum().backward());
                assertEquals(stale, e.getMessage().contains("was changed"), e::getMessage);
                return;
            }
            y.tensor.sum().backward();
            for (int i = 0; i < TRAINABLE; i++)
                for (int k = 0; y.reached[i] && k < SIZE; k++) {
                    int column = i * SIZE + k;
                    if (grads[i] == null)
                        grads[i] = new double[SIZE];
                    grads[i][k] += Arrays.stream(y.slopes).mapToDouble(row -> row[column]).sum();
                }
        }

        void zeroGrad(int i) {
            variables[i].zeroGrad();
            if (i < TRAINABLE)
                grads[i] = null;
        }

        void begin() {
            transactions.push(new Transaction());
            before.push(new HashMap<>());
        }

        void commit() {
            if (transactions.isEmpty())
                return;
            transactions.pop().commit();
            Map<Integer, double[]> inner = before.pop();
            if (!before.isEmpty())
                inner.forEach(before.peek()::putIfAbsent);
        }

        void takeBack() {
            if (transactions.isEmpty())
                return;
            transactions.pop().close();
            before.pop().forEach((i, old) -> {
                numbers[i] = old;
                versions[i]++;
            });
        }

        void check() {
            for (int i = 0; i < variables.length; i++) {
                assertArrayEquals(numbers[i], variables[i].toDoubleArray());
                assertEquals(versions[i], variables[i].version());
            }
            for (Value v : values)
                assertArrayEquals(v.numbers, v.tensor.toDoubleArray());
            for (int i = 0; i < TRAINABLE; i++) {
                Tensor g = variables[i].grad();
                assertEquals(grads[i] == null, g == null);
                for (int k = 0; g != null && k < SIZE; k++)
                    assertEquals(grads[i][k], g.toDoubleArray()[k], 1e-9 * (1 + Math.abs(grads[i][k])));
            }
        }

        void end() {
            close();
            while (!transactions.isEmpty())
                takeBack();
            check();
        }

        @Override
        public String toString() { return Arrays.deepToString(numbers) + " and " + values.size() + " values"; }
    }

    private record Choice(int a, int b) {}

    @Provide
    Arbitrary<ActionChain<Machine>> chains() {
        Arbitrary<Integer> any = Arbitraries.integers().between(0, 40);
        Arbitrary<Choice> variableAndAny = Combinators.combine(Arbitraries.integers().between(0, TRAINABLE), any)
                .as(Choice::new), two = Combinators.combine(any, any).as(Choice::new);
        return ActionChain.startWith(Machine::new)
                .withAction(3, Actions.of("assign", variableAndAny, (m, c) -> m.assign(c.a, c.b)))
                .withAction(3, Actions.of("update", variableAndAny, (m, c) -> m.update(c.a % TRAINABLE, c.b)))
                .withAction(5, Actions.of("view", Combinators.combine(Arbitraries.of(View.class), any)
                        .as(Map::entry), (m, e) -> m.view(e.getKey(), e.getValue())))
                .withAction(5, Actions.of("sine", two, (m, c) -> m.sine(c.a, c.b)))
                .withAction(1, Actions.of("detach", any, Machine::detach))
                .withAction(5, Actions.of("backward", any, Machine::backward))
                .withAction(1, Actions.of("zeroGrad", Arbitraries.integers().between(0, TRAINABLE), Machine::zeroGrad))
                .withAction(3, Actions.of("open", Machine::open)).withAction(1, Actions.of("close", Machine::close))
                .withAction(1, Actions.of("begin", Machine::begin)).withAction(1, Actions.of("commit", Machine::commit))
                .withAction(1, Actions.of("take back", Machine::takeBack)).withMaxTransformations(25);
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void areTheirModel(@ForAll("chains") ActionChain<Machine> chain) {
        Machine[] last = {null};
        try {
            chain.withInvariant(Machine::check).peek(m -> last[0] = m).run();
        } finally {
            if (last[0] != null)
                last[0].end();
        }
    }
}
