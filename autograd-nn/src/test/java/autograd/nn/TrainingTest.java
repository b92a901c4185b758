package autograd.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.GradientTape;
import autograd.IntTensor;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.optim.Adam;
import autograd.nn.optim.Optimizer;
import autograd.nn.optim.Sgd;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** From random variables to a network that does what it was shown. */
class TrainingTest {
    private static final Tensor X = Tensor.of(new double[][]{{0, 0}, {0, 1}, {1, 0}, {1, 1}});
    private static final Tensor XOR = Tensor.of(new double[][]{{0}, {1}, {1}, {0}});

    private static Mlp learnXor(long seed, int steps) {
        Mlp mlp = Mlp.of(DType.F32, new Rng(seed), Activation.TANH, 2, 8, 1);
        var optimizer = new Adam(0.05);
        for (int i = 0; i < steps; i++)
            optimizer.minimize(mlp, () -> Losses.meanSquaredError(mlp.forward(X), XOR));
        return mlp;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4})
    void aSmallNetworkLearnsXor(long seed) {
        assertArrayEquals(XOR.toDoubleArray(), learnXor(seed, 300).forward(X).toDoubleArray(), 0.1);
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        assertEquals(bits(learnXor(5, 50)), bits(learnXor(5, 50)));
        assertNotEquals(bits(learnXor(5, 50)), bits(learnXor(6, 50)));
    }

    private static List<List<Long>> bits(Mlp mlp) {
        return mlp.variables().stream().map(v -> bits(v.toDoubleArray())).toList();
    }

    private static List<Long> bits(double... values) {
        return Arrays.stream(values).mapToObj(Double::doubleToRawLongBits).toList();
    }

    /** The three ways to train, one step of each. */
    private enum Way {
        APPLY {
            @Override
            double step(Optimizer optimizer, Mlp mlp, Supplier<Tensor> loss) {
                try (var tape = new GradientTape()) {
                    Tensor y = loss.get();
                    optimizer.apply(tape.gradient(y, mlp.variables()));
                    return y.item();
                }
            }
        },
        STEP {
            @Override
            double step(Optimizer optimizer, Mlp mlp, Supplier<Tensor> loss) {
                mlp.variables().forEach(Variable::zeroGrad);
                try (var _ = new GradientTape()) {
                    Tensor y = loss.get();
                    y.backward();
                    optimizer.step(mlp.variables());
                    return y.item();
                }
            }
        },
        MINIMIZE {
            @Override
            double step(Optimizer optimizer, Mlp mlp, Supplier<Tensor> loss) { return optimizer.minimize(mlp, loss); }
        };

        abstract double step(Optimizer optimizer, Mlp mlp, Supplier<Tensor> loss);

        /** A few steps on random data; what the losses were and the variables are, bit by bit. */
        List<List<Long>> train(DType dtype, Optimizer optimizer) {
            var rng = new Rng(11);
            Mlp mlp = Mlp.of(dtype, rng, Activation.RELU, 5, 9, 7, 3);
            Tensor x = Tensor.randn(dtype, rng, 13, 5);
            IntTensor labels = IntTensor.of(rng.ints(13, 0, 3).toArray());
            double[] losses = new double[20];
            for (int i = 0; i < losses.length; i++)
                losses[i] = step(optimizer, mlp, () -> Losses.sparseSoftmaxCrossEntropy(mlp.forward(x), labels));
            assertTrue(losses[19] < losses[0], losses[0] + " became " + losses[19]);
            var all = new ArrayList<>(bits(mlp));
            all.add(bits(losses));
            return all;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyWayToTrainGivesTheSameBits(Way way) {
        for (DType dtype : DType.values()) {
            assertEquals(Way.APPLY.train(dtype, new Adam(0.01)), way.train(dtype, new Adam(0.01)));
            assertEquals(Way.APPLY.train(dtype, new Sgd(0.1).momentum(0.9).nesterov().weightDecay(1e-3)),
                    way.train(dtype, new Sgd(0.1).momentum(0.9).nesterov().weightDecay(1e-3)));
        }
    }
}
