package autograd.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Default settings: each optimizer takes the same steps as one with the settings of PyTorch, or of the paper
 * where PyTorch does not have the optimizer.
 */
class DefaultsTest {
    private record Row(String name, Optimizer defaults, Optimizer explicit) {
        @Override
        public String toString() { return name; }
    }

    static Stream<Row> rows() {
        return Stream.of(new Row("Sgd", new Sgd(0.1), new Sgd(0.1).momentum(0).weightDecay(0)),
                new Row("Adam", new Adam(0.1), new Adam(0.1).betas(0.9, 0.999).epsilon(1e-8).weightDecay(0)),
                new Row("AdamW", new AdamW(0.1), new AdamW(0.1).weightDecay(0.01).betas(0.9, 0.999).epsilon(1e-8)),
                new Row("RmsProp", new RmsProp(0.1),
                        new RmsProp(0.1).alpha(0.99).epsilon(1e-8).momentum(0).weightDecay(0)),
                new Row("Adagrad", new Adagrad(0.1), new Adagrad(0.1).epsilon(1e-10).weightDecay(0)),
                new Row("Adadelta", new Adadelta(0.1), new Adadelta(0.1).rho(0.9).epsilon(1e-6).weightDecay(0)),
                new Row("Adamax", new Adamax(0.1),
                        new Adamax(0.1).betas(0.9, 0.999).epsilon(1e-8).weightDecay(0)),
                new Row("NAdam", new NAdam(0.1),
                        new NAdam(0.1).betas(0.9, 0.999).epsilon(1e-8).momentumDecay(4e-3).weightDecay(0)),
                new Row("Lion", new Lion(0.1), new Lion(0.1).betas(0.9, 0.99).weightDecay(0)));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void areThoseOfPyTorchOrThePaper(Row row) { assertEquals(train(row.explicit, 12), train(row.defaults, 12)); }

    /** Small gradients among them, so that epsilon counts. */
    private static String train(Optimizer optimizer, int steps) {
        var w = new Variable("w", Tensor.of(DType.F64, 1, -2, 3));
        Tensor scale = Tensor.of(DType.F64, 1, 1e-7, 1e-9);
        for (int i = 0; i < steps; i++) {
            double turn = Math.sin(i);
            optimizer.minimize(List.of(w), () -> w.mul(scale).mul(1 + turn).square().sum().add(w.mul(scale).sum()));
        }
        return Arrays.toString(w.toDoubleArray());
    }

    /** A changed setting takes effect in the next step, as if it had always been so. */
    @Test
    void nadamStartsItsProductOfMomentaAgainWhenBetasOrDecayChange() {
        for (UnaryOperator<NAdam> change : List.<UnaryOperator<NAdam>>of(o -> o.betas(0.5, 0.9),
                o -> o.momentumDecay(0.3))) {
            var w = new Variable("w", Tensor.of(DType.F64, 1));
            var optimizer = new NAdam(0.1);
            for (int i = 0; i < 3; i++)
                optimizer.minimize(List.of(w), () -> w.mul(2).sum());
            change.apply(optimizer);
            var fresh = change.apply(new NAdam(0.1));
            double[] later = {0.3, 0.7, -0.2}, same = later.clone();
            optimizer.rule(4).step(later, 0.5);
            fresh.rule(4).step(same, 0.5);
            assertEquals(same[0], later[0], 1e-15);
        }
    }

    @Test
    void lionDecaysByRateTimesDecay() {
        var w = new Variable("w", Tensor.of(DType.F64, 2));
        new Lion(0.1).weightDecay(0.3).minimize(List.of(w), () -> w.mul(0.5).sum());
        assertEquals(2 - 0.1 * (1 + 0.3 * 2), w.item(), 1e-15);
    }

    @Test
    void aCycleOfTwoStepsOnlyFalls() {
        Schedule cycle = Schedule.oneCycle(2);
        double last = 1 / 25.0 / 1e4; // the way up, 0.3 of two steps, ends at step -0.4, the way down at step 1
        assertEquals(last + (1 - last) * (1 + Math.cos(Math.PI * 0.4 / 1.4)) / 2, cycle.rate(1, 0), 1e-15);
        assertEquals(last, cycle.rate(1, 1), 1e-15);
        assertEquals(cycle.rate(1, 1), cycle.rate(1, 7), 1e-15);
    }
}
