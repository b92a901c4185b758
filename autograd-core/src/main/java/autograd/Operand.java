package autograd;

import autograd.array.DType;
import autograd.array.Shape;

/** The members of a tensor that the operation families use. */
sealed interface Operand
        permits Elementwise, Functions, Trigonometry, Activations, Reduction, Ordering, Movement, Joining, Indexing,
        LinearAlgebra, Windows, Normalization, GradientFlow {
    /** Applies an operation to this tensor, recording it where a tape is open. */
    Tensor apply(Op op);

    /** Applies an operation to this tensor and another, recording it where a tape is open. */
    Tensor apply(Op op, Tensor b);

    /** Applies an operation to this tensor and others, recording it where a tape is open. */
    Tensor apply(Op op, Tensor... others);

    /** This tensor itself. */
    Tensor self();

    /** The shape. */
    Shape shape();

    /** The type of the elements. */
    DType dtype();
}
