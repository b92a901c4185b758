package autograd.nn;

import autograd.Mask;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.nn.init.Init;

import java.util.List;

/**
 * A layer of long short-term memory: gates decide what its cell takes in, forgets and shows. The gates stand
 * side by side as i, f, g, o, for input, forget, candidate and output:
 * {@code c' = sigmoid(f) c + sigmoid(i) tanh(g)} and {@code h' = sigmoid(o) tanh(c')}. Hochreiter and
 * Schmidhuber, Neural Computation 1997; Gers et al., 2000.
 *
 * @param inputWeight
 *            what gates take from the input, [in, 4 width]
 * @param stateWeight
 *            what they take from the last output, [width, 4 width]
 * @param bias
 *            shape [4 width]
 */
public record Lstm(Variable inputWeight, Variable stateWeight, Variable bias) implements Cell<Lstm.State> {
    /**
     * What is remembered between steps.
     *
     * @param h
     *            the last output, [n, width]
     * @param c
     *            the cell, [n, width]
     */
    public record State(Tensor h, Tensor c) implements Cell.State<State> {
        /** Checks that the shapes fit. */
        public State {
            if (h.shape().rank() != 2 || !h.shape().equals(c.shape()))
                throw new IllegalArgumentException(
                        "Lstm: h " + h.shape() + " and c " + c.shape() + " of a state must both be [n, width]");
        }

        @Override
        public State where(Mask mask, State other) { return new State(h.where(mask, other.h), c.where(mask, other.c)); }
    }

    /** Checks that the shapes fit. */
    public Lstm {
        Shape x = inputWeight.shape(), h = stateWeight.shape();
        if (x.rank() != 2 || h.rank() != 2 || h.dim(1) != 4L * h.dim(0) || x.dim(1) != h.dim(1)
                || !bias.shape().equals(Shape.of(h.dim(1))))
            throw new IllegalArgumentException("Lstm: weights " + x + " and " + h + " and bias " + bias.shape()
                    + " must be [in, 4 width], [width, 4 width] and [4 width]");
    }

    /** A layer of F32; everything uniform within 1 / sqrt(width) of 0. */
    public static Lstm of(Rng rng, int in, int width) {
        return of(DType.F32, rng, in, width, Init.uniform(1 / Math.sqrt(width)));
    }

    /** A layer of a dtype with given initial values. */
    public static Lstm of(DType dtype, Rng rng, int in, int width, Init init) {
        int gates = Shape.of("Lstm", width, 4L * width).dim(1);
        return new Lstm(new Variable("inputWeight", init.draw(dtype, rng, in, gates)),
                new Variable("stateWeight", init.draw(dtype, rng, width, gates)),
                new Variable("bias", init.draw(dtype, rng, gates)));
    }

    @Override
    public State zeroState(int n) {
        Tensor zeros = Tensor.zeros(bias.dtype(), n, stateWeight.shape().dim(0));
        return new State(zeros, zeros);
    }

    @Override
    public Tensor gates(Tensor x) { return x.matmul(inputWeight).add(bias); }

    @Override
    public State next(Tensor gates, State before) {
        List<Tensor> all = gates.add(before.h.matmul(stateWeight)).chunk(1, 4);
        Tensor i = all.get(0).sigmoid(), f = all.get(1).sigmoid(), g = all.get(2).tanh(), o = all.get(3).sigmoid();
        Tensor c = f.mul(before.c).add(i.mul(g));
        return new State(o.mul(c.tanh()), c);
    }

    @Override
    public String toString() {
        return Described.of(this, inputWeight.shape().dim(0) + " -> " + stateWeight.shape().dim(0));
    }
}
