package autograd.nn;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.nn.init.Init;

import java.util.ArrayList;
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
public record Lstm(Variable inputWeight, Variable stateWeight, Variable bias) implements Trainable {
    /**
     * What is remembered between steps.
     *
     * @param h
     *            the last output, [n, width]
     * @param c
     *            the cell, [n, width]
     */
    public record State(Tensor h, Tensor c) {
        /** Checks that the shapes fit. */
        public State {
            if (h.shape().rank() != 2 || !h.shape().equals(c.shape()))
                throw new IllegalArgumentException(
                        "Lstm: h " + h.shape() + " and c " + c.shape() + " of a state must both be [n, width]");
        }
    }

    /**
     * What sequences became.
     *
     * @param y
     *            the outputs, [n, length, width]
     * @param last
     *            the state after the last step
     */
    public record Output(Tensor y, State last) {}

    /** Checks that the shapes fit. */
    public Lstm {
        Shape x = inputWeight.shape(), h = stateWeight.shape();
        if (x.rank() != 2 || h.rank() != 2 || h.dim(1) != 4 * h.dim(0) || x.dim(1) != h.dim(1)
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
        return new Lstm(new Variable("inputWeight", init.draw(dtype, rng, in, 4 * width)),
                new Variable("stateWeight", init.draw(dtype, rng, width, 4 * width)),
                new Variable("bias", init.draw(dtype, rng, 4 * width)));
    }

    /** The state before the first step of n sequences: zeros. */
    public State zeroState(int n) {
        Tensor zeros = Tensor.zeros(bias.dtype(), n, width());
        return new State(zeros, zeros);
    }

    private int width() { return stateWeight.shape().dim(0); }

    /** Whole sequences [n, length, in], from the zero state. */
    public Output forward(Tensor x) {
        return forward(x, zeroState(x.shape().rank() == 0 ? 0 : x.shape().dim(0)));
    }

    /**
     * Whole sequences.
     *
     * @param x
     *            shape [n, length, in], at least one step long
     * @param start
     *            the state before the first step
     * @return every output, and the state after the last step
     */
    public Output forward(Tensor x, State start) {
        if (x.shape().rank() != 3 || x.shape().dim(1) == 0)
            throw misfit(x, "[n, length, in] with a length of at least 1", start);
        check(x, x.shape().dim(0), start);
        Tensor fromInput = x.matmul(inputWeight).add(bias);
        List<Tensor> outputs = new ArrayList<>();
        State state = start;
        for (int t = 0; t < x.shape().dim(1); t++) {
            state = next(fromInput.slice(1, t, t + 1).squeeze(1), state);
            outputs.add(state.h);
        }
        return new Output(Tensor.stack(1, outputs.toArray(Tensor[]::new)), state);
    }

    /**
     * One step.
     *
     * @param x
     *            shape [n, in]
     * @param before
     *            the state before it
     * @return the state after it, whose h is the output
     */
    public State step(Tensor x, State before) {
        if (x.shape().rank() != 2)
            throw misfit(x, "[n, in]", before);
        check(x, x.shape().dim(0), before);
        return next(x.matmul(inputWeight).add(bias), before);
    }

    private State next(Tensor fromInput, State before) {
        List<Tensor> gates = fromInput.add(before.h.matmul(stateWeight)).chunk(1, 4);
        Tensor i = gates.get(0).sigmoid(), f = gates.get(1).sigmoid();
        Tensor g = gates.get(2).tanh(), o = gates.get(3).sigmoid();
        Tensor c = f.mul(before.c).add(i.mul(g));
        return new State(o.mul(c.tanh()), c);
    }

    private void check(Tensor x, int n, State state) {
        if (x.shape().dim(-1) != inputWeight.shape().dim(0) || !state.h.shape().equals(Shape.of(n, width())))
            throw misfit(x, "with a last extent of " + inputWeight.shape().dim(0), state);
    }

    private IllegalArgumentException misfit(Tensor x, String must, State state) {
        return new IllegalArgumentException("Lstm: the input " + x.shape() + " must be " + must + ", and the state "
                + state.h.shape() + " [n, " + width() + "]");
    }
}
