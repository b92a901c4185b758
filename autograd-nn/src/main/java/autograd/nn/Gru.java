package autograd.nn;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.nn.init.Init;

import java.util.List;

/**
 * A layer of gated recurrent units. The gates stand side by side as r, z, n, for reset, update and candidate,
 * {@code x} from the input and {@code s} from the state: {@code r = sigmoid(xr + sr)},
 * {@code z = sigmoid(xz + sz)}, {@code n = tanh(xn + r sn)} and {@code h' = (1 - z) n + z h}. Cho et al.,
 * EMNLP 2014; the reset comes after the product with the weights.
 *
 * @param inputWeight
 *            what gates take from the input, [in, 3 width]
 * @param stateWeight
 *            what they take from the last output, [width, 3 width]
 * @param inputBias
 *            shape [3 width]
 * @param stateBias
 *            shape [3 width]; in n it is reset, too
 */
public record Gru(Variable inputWeight, Variable stateWeight, Variable inputBias, Variable stateBias)
        implements
            Cell<Cell.Hidden> {
    /** Checks that the shapes fit. */
    public Gru {
        Shape x = inputWeight.shape(), h = stateWeight.shape();
        if (x.rank() != 2 || h.rank() != 2 || h.dim(1) != 3L * h.dim(0) || x.dim(1) != h.dim(1)
                || !inputBias.shape().equals(Shape.of(h.dim(1))) || !stateBias.shape().equals(inputBias.shape()))
            throw new IllegalArgumentException("Gru: weights " + x + " and " + h + " and biases " + inputBias.shape()
                    + " and " + stateBias.shape() + " must be [in, 3 width], [width, 3 width] and twice [3 width]");
    }

    /** A layer of F32; everything uniform within 1 / sqrt(width) of 0. */
    public static Gru of(Rng rng, int in, int width) {
        return of(DType.F32, rng, in, width, Init.uniform(1 / Math.sqrt(width)));
    }

    /** A layer of a dtype with given initial values. */
    public static Gru of(DType dtype, Rng rng, int in, int width, Init init) {
        int gates = Shape.of("Gru", width, 3L * width).dim(1);
        return new Gru(new Variable("inputWeight", init.draw(dtype, rng, in, gates)),
                new Variable("stateWeight", init.draw(dtype, rng, width, gates)),
                new Variable("inputBias", init.draw(dtype, rng, gates)),
                new Variable("stateBias", init.draw(dtype, rng, gates)));
    }

    @Override
    public Hidden zeroState(int n) {
        return new Hidden(Tensor.zeros(inputBias.dtype(), n, stateWeight.shape().dim(0)));
    }

    @Override
    public Tensor gates(Tensor x) { return x.matmul(inputWeight).add(inputBias); }

    @Override
    public Hidden next(Tensor gates, Hidden before) {
        List<Tensor> x = gates.chunk(1, 3), s = before.h().matmul(stateWeight).add(stateBias).chunk(1, 3);
        Tensor r = x.get(0).add(s.get(0)).sigmoid(), z = x.get(1).add(s.get(1)).sigmoid();
        Tensor n = x.get(2).add(r.mul(s.get(2))).tanh();
        return new Hidden(n.add(z.mul(before.h().sub(n))));
    }

    @Override
    public String toString() {
        return Described.of(this, inputWeight.shape().dim(0) + " -> " + stateWeight.shape().dim(0));
    }
}
