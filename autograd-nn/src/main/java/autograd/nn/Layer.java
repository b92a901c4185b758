package autograd.nn;

import autograd.Tensor;

/** A function of one tensor with variables of its own. */
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
     * The layer's output in evaluation.
     *
     * @param x
     *            the input, a batch along the first axis
     * @return {@code forward(x, Pass.EVAL)}
     */
    default Tensor forward(Tensor x) { return forward(x, Pass.EVAL); }
}
