package autograd.nn;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.nn.init.Init;

/**
 * A simple recurrent layer: {@code h' = tanh(x inputWeight + h stateWeight + bias)}. Elman, Cognitive Science
 * 1990.
 *
 * @param inputWeight
 *            the weight of the input, [in, width]
 * @param stateWeight
 *            the weight of the previous output, [width, width]
 * @param bias
 *            shape [width]
 */
public record Rnn(Variable inputWeight, Variable stateWeight, Variable bias) implements Cell<Cell.Hidden> {
    /** Checks that the shapes fit. */
    public Rnn {
        Shape x = inputWeight.shape(), h = stateWeight.shape();
        if (x.rank() != 2 || h.rank() != 2 || h.dim(1) != h.dim(0) || x.dim(1) != h.dim(1)
                || !bias.shape().equals(Shape.of(h.dim(1))))
            throw new IllegalArgumentException("Rnn: weights " + x + " and " + h + " and bias " + bias.shape()
                    + " must be [in, width], [width, width] and [width]");
    }

    /** A layer of F32; everything uniform within 1 / sqrt(width) of 0. */
    public static Rnn of(Rng rng, int in, int width) {
        return of(DType.F32, rng, in, width, Init.uniform(1 / Math.sqrt(width)));
    }

    /** A layer of a dtype with given initial values. */
    public static Rnn of(DType dtype, Rng rng, int in, int width, Init init) {
        return new Rnn(new Variable("inputWeight", init.draw(dtype, rng, in, width)),
                new Variable("stateWeight", init.draw(dtype, rng, width, width)),
                new Variable("bias", init.draw(dtype, rng, width)));
    }

    @Override
    public Hidden zeroState(int n) { return new Hidden(Tensor.zeros(bias.dtype(), n, bias.size())); }

    @Override
    public Tensor gates(Tensor x) { return x.matmul(inputWeight).add(bias); }

    @Override
    public Hidden next(Tensor gates, Hidden before) {
        return new Hidden(gates.add(before.h().matmul(stateWeight)).tanh());
    }

    @Override
    public String toString() {
        return Described.of(this, inputWeight.shape().dim(0) + " -> " + stateWeight.shape().dim(0));
    }
}
