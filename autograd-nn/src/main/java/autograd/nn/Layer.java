package autograd.nn;

import autograd.Tensor;

import java.util.function.UnaryOperator;

/** A function of one tensor, with variables. */
public interface Layer extends Trainable {
    /**
     * The layer's output.
     *
     * @param x
     *            the input, a batch along the first axis
     * @param pass
     *            whether this is training or evaluation
     * @return the output
     */
    Tensor forward(Tensor x, Pass pass);

    /**
     * The layer's output in evaluation. While a tape records and tracks the input or a variable, this may be
     * training that somebody forgot to say: then a layer that acts differently in training, such as
     * {@link Dropout}, throws an IllegalStateException. Write {@code forward(x, pass)} there, with the pass of
     * {@code optimizer.minimize(model, rng, pass -> loss)}, {@code Pass.training(rng)} or {@code Pass.EVAL}.
     *
     * @param x
     *            the input, a batch along the first axis
     * @return {@code forward(x, Pass.EVAL)}
     */
    default Tensor forward(Tensor x) { return forward(x, Pass.unsaid(this, x)); }

    /**
     * A layer that is a function without variables, such as {@code Layer.of(x -> x.square().add(1))}. An error if
     * the function captures a variable, a layer, or anything that cannot be inspected: make that a record.
     */
    static Layer of(UnaryOperator<Tensor> f) { return new Lambda(f); }
}
