package autograd.nn;

import autograd.Mask;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.Shape;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * A recurrent layer, given by one step: {@code state' = next(gates(x), state)}, of which the h is the output.
 * {@link Recurrent} puts several on top of each other and side by side.
 *
 * @param <S>
 *            what is remembered between steps
 */
public interface Cell<S extends Cell.State<S>> extends Trainable {
    /**
     * What is remembered between steps.
     *
     * @param <S>
     *            the type itself
     */
    interface State<S> {
        /** The last output, [n, width]. */
        Tensor h();

        /** This where a mask [n, 1] is true, the other elsewhere. */
        S where(Mask mask, S other);
    }

    /**
     * A state that is the last output alone.
     *
     * @param h
     *            the last output, [n, width]
     */
    record Hidden(Tensor h) implements State<Hidden> {
        @Override
        public Hidden where(Mask mask, Hidden other) { return new Hidden(h.where(mask, other.h)); }
    }

    /**
     * What sequences became.
     *
     * @param y
     *            the outputs, [n, length, width], zeros where there is padding
     * @param last
     *            the state after the last step that is not padding
     * @param <S>
     *            the type of the state
     */
    record Output<S>(Tensor y, S last) {}

    /** What gates take from the input, [in, gates width]. */
    Variable inputWeight();

    /** What gates take from the last output, [width, gates width]. */
    Variable stateWeight();

    /** The state before the first step of n sequences: zeros. */
    S zeroState(int n);

    /**
     * The part of the gates that depends on the input alone, for all steps at once: [.., in] to [.., gates
     * width].
     */
    Tensor gates(Tensor x);

    /** The state after a step, from the input's part of the gates [n, gates width] and the state before. */
    S next(Tensor gates, S before);

    /** One step of n sequences: an input [n, in] and the state before it give the state after it. */
    default S step(Tensor x, S before) {
        check(x, 2, "[n, " + in() + "]", before);
        return next(gates(x), before);
    }

    /** Whole sequences [n, length, in], from the zero state. */
    default Output<S> forward(Tensor x) {
        return forward(x, zeroState(x.shape().rank() == 0 ? 0 : x.shape().dim(0)));
    }

    /** Whole sequences [n, length, in], at least one step long, from a given state. */
    default Output<S> forward(Tensor x, S start) {
        return run(x, start, null);
    }

    /**
     * Whole sequences with padding, which outputs 0 and leaves the state as it is.
     *
     * @param x
     *            shape [n, length, in], at least one step long
     * @param start
     *            the state before the first step
     * @param kept
     *            false where there is padding, [n, length]; see {@link Masks#lengths}
     * @return every output, and the state after the last step
     */
    default Output<S> forward(Tensor x, S start, Mask kept) { return run(x, start, kept); }

    private Output<S> run(Tensor x, S start, @Nullable Mask kept) {
        check(x, 3, "[n, length, " + in() + "] with a length of at least 1", start);
        int n = x.shape().dim(0), length = x.shape().dim(1);
        if (kept != null && !kept.shape().equals(Shape.of(n, length)))
            throw new IllegalArgumentException(
                    name() + ": the mask " + kept.shape() + " must be [n, length] of the input "
                            + x.shape());
        Tensor gates = gates(x);
        List<Tensor> outputs = new ArrayList<>();
        S state = start;
        for (int t = 0; t < length; t++) {
            S after = next(gates.select(1, t), state);
            Mask real = kept == null ? null : kept.slice(1, t, t + 1);
            outputs.add(real == null ? after.h() : after.h().where(real, 0));
            state = real == null ? after : after.where(real, state);
        }
        return new Output<>(Tensor.stack(1, outputs.toArray(Tensor[]::new)), state);
    }

    private void check(Tensor x, int rank, String form, S state) {
        Shape s = x.shape(), h = state.h().shape();
        if (s.rank() != rank || s.dim(-1) != in() || rank == 3 && s.dim(1) == 0)
            throw new IllegalArgumentException(name() + ": the input has shape " + s + ", it must be " + form);
        if (!h.equals(Shape.of(s.dim(0), width())))
            throw new IllegalArgumentException(
                    name() + ": the state has shape " + h + ", it must be [" + s.dim(0) + ", "
                            + width() + "] for an input of shape " + s);
    }

    private int in() { return inputWeight().shape().dim(0); }

    private int width() { return stateWeight().shape().dim(0); }

    private String name() { return getClass().getSimpleName(); }
}
