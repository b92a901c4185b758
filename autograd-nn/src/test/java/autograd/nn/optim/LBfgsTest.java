package autograd.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

class LBfgsTest {
    private static Tensor rosenbrock(Variable x) {
        int n = x.shape().dim(0);
        Tensor low = x.slice(0, 0, n - 1), high = x.slice(0, 1, n);
        return high.sub(low.square()).square().mul(100).add(low.sub(1).square()).sum();
    }

    private static Variable start(int n) {
        double[] x = new double[n];
        for (int i = 0; i < n; i++)
            x[i] = i % 2 == 0 ? -1.2 : 1;
        return new Variable("x", Tensor.of(DType.F64, x));
    }

    /** The number of evaluations until the largest gradient is 1e-8. */
    private static long evaluations(Variable x, Supplier<Tensor> loss) {
        var optimizer = new LBfgs().iterations(1000).tolerance(1e-8);
        optimizer.minimize(List.of(x), loss);
        return optimizer.evaluations();
    }

    /** PyTorch 2's LBFGS with strong_wolfe needs 46 and 105. */
    @Test
    void needsAsFewEvaluationsAsPyTorchOnRosenbrocksFunction() {
        Variable two = start(2), ten = start(10);
        long first = evaluations(two, () -> rosenbrock(two)), second = evaluations(ten, () -> rosenbrock(ten));
        assertTrue(first <= 1.3 * 46, () -> "2 variables: " + first);
        assertTrue(second <= 1.3 * 105, () -> "10 variables: " + second);
        assertArrayEquals(new double[]{1, 1}, two.toDoubleArray(), 1e-7);
    }

    /** PyTorch needs 9. */
    @Test
    void needsAsFewEvaluationsAsPyTorchOnLogisticRegression() {
        double[] a = new double[320], label = new double[40];
        for (int i = 0; i < 40; i++) {
            label[i] = Math.cos(5 * i) > 0 ? 1 : 0;
            for (int j = 0; j < 8; j++)
                a[i * 8 + j] = Math.sin(7 * i + 3 * j + 1);
        }
        Tensor x = Tensor.of(DType.F64, a).reshape(40, 8), y = Tensor.of(DType.F64, label);
        Variable w = new Variable("w", Tensor.zeros(DType.F64, 8));
        Supplier<Tensor> loss = () -> {
            Tensor z = x.matmul(w.reshape(8, 1)).reshape(40);
            return z.softplus().sub(z.mul(y)).mean().add(w.square().sum().mul(0.001));
        };
        long evaluations = evaluations(w, loss);
        assertTrue(evaluations <= 1.3 * 9, () -> "evaluations: " + evaluations);
        assertEquals(0.6922242285865311, loss.get().item(), 1e-14);
    }

    @Test
    void keepsItsApproximationBetweenCalls() {
        Variable x = start(2);
        var optimizer = new LBfgs().iterations(1).tolerance(1e-8);
        double loss = 1;
        for (int i = 0; i < 60 && loss > 1e-15; i++)
            loss = optimizer.minimize(List.of(x), () -> rosenbrock(x));
        assertTrue(loss <= 1e-15);
    }

    @Test
    void historyOfOneStillConverges() {
        Variable x = start(4);
        new LBfgs().history(1).iterations(2000).tolerance(1e-6).minimize(List.of(x), () -> rosenbrock(x));
        assertArrayEquals(new double[]{1, 1, 1, 1}, x.toDoubleArray(), 1e-5);
    }

    @Test
    void trainsSeveralVariablesOfF32() {
        Variable w = new Variable("w", Tensor.of(5, 5)), b = new Variable("b", Tensor.of(5));
        double loss = new LBfgs().minimize(List.of(w, b),
                () -> w.sub(1).square().sum().add(b.add(2).square().sum()));
        assertEquals(0, loss, 1e-10);
        assertArrayEquals(new double[]{1, 1}, w.toDoubleArray(), 1e-5);
        assertEquals(-2, b.item(), 1e-5);
    }

    /** log(x) is not a number left of 0: such points are too far. */
    @Test
    void stepsBackFromWhereTheLossIsNotFinite() {
        Variable x = new Variable("x", Tensor.of(DType.F64, 0.01));
        new LBfgs().iterations(100).learningRate(50).minimize(List.of(x), () -> x.sub(x.log()).sum());
        assertEquals(1, x.item(), 1e-6);
    }

    @Test
    void changesNothingIfTheLossThrowsOrIsNotFinite() {
        Variable x = start(2);
        double[] before = x.toDoubleArray();
        var calls = new AtomicInteger();
        assertThrows(UnsupportedOperationException.class, () -> new LBfgs().minimize(List.of(x), () -> {
            if (calls.incrementAndGet() == 5)
                throw new UnsupportedOperationException();
            return rosenbrock(x);
        }));
        assertArrayEquals(before, x.toDoubleArray());
        var e = assertThrows(IllegalStateException.class,
                () -> new LBfgs().minimize(List.of(x), () -> x.sum().div(0)));
        assertTrue(e.getMessage().contains("LBfgs"), e::getMessage);
        assertThrows(IllegalStateException.class,
                () -> new LBfgs().minimize(List.of(x), () -> x.sub(x.detach()).abs().sqrt().sum()));
        assertArrayEquals(before, x.toDoubleArray());
    }

    @Test
    void messageNamesTheWrongSetting() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new LBfgs().history(0)).getMessage()
                .contains("history"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new LBfgs().iterations(0)).getMessage()
                .contains("iterations"));
        assertThrows(IllegalArgumentException.class, () -> new LBfgs().minimize(List.of(), () -> Tensor.of(1)));
        Variable x = start(2);
        assertThrows(IllegalStateException.class, () -> new LBfgs().minimize(List.of(x), () -> Tensor.of(1)));
    }
}
