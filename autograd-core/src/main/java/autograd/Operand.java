package autograd;

import autograd.array.DType;
import autograd.array.Shape;

/** What the operation families need to know of the tensor they are part of. */
sealed interface Operand
        permits Elementwise, Functions, Activations, Reduction, Ordering, Movement, Joining, Indexing, LinearAlgebra,
        Windows,
        Normalization, GradientFlow {
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
