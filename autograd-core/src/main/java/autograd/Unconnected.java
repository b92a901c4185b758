package autograd;

/** What to answer when a gradient is asked for something the result does not depend on. */
public enum Unconnected {
    /** An error that says why there is no connection: nothing is detached silently. */
    ERROR,
    /** Zeros. */
    ZERO
}
