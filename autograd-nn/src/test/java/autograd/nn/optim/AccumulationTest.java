package autograd.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import autograd.GradientTape;
import autograd.Gradients;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.Activation;
import autograd.nn.Losses;
import autograd.nn.Mlp;

import org.junit.jupiter.api.Test;

/** Gradients of k small batches, added and divided by k, train as one large batch does. */
class AccumulationTest {
    private final Tensor x = Tensor.randn(DType.F64, new Rng(1), 12, 3), y = Tensor.randn(DType.F64, new Rng(2), 12, 2);

    private static Mlp model() { return Mlp.of(DType.F64, new Rng(0), Activation.TANH, 3, 4, 2); }

    private Gradients gradients(Mlp model, int from, int to) {
        try (var tape = new GradientTape()) {
            Tensor loss = Losses.meanSquaredError(model.forward(x.slice(0, from, to)), y.slice(0, from, to));
            return tape.gradient(loss, model.variables());
        }
    }

    @Test
    void equalsTheLargeBatch() {
        Mlp large = model(), small = model();
        var one = new Adam(0.01);
        var other = new Adam(0.01);
        for (int step = 0; step < 5; step++) {
            one.apply(gradients(large, 0, 12));
            Gradients sum = gradients(small, 0, 4);
            for (int k = 1; k < 3; k++)
                sum = sum.add(gradients(small, 4 * k, 4 * k + 4));
            other.apply(sum.mul(1.0 / 3));
        }
        for (int i = 0; i < large.variables().size(); i++)
            assertArrayEquals(large.variables().get(i).toDoubleArray(), small.variables().get(i).toDoubleArray(),
                    1e-12);
    }
}
