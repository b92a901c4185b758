package autograd;

/** The gradient with respect to a tensor that the result does not depend on. */
public enum Unconnected {
    /** An IllegalStateException that says why the result does not depend on the tensor. */
    ERROR,
    /** Zeros. */
    ZERO
}
