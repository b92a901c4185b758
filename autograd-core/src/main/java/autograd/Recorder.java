package autograd;

/** Observes a tape, for listings, pictures and explanations: {@code new GradientTape(recorder)}. */
public interface Recorder {
    /** Ignores everything. */
    Recorder NONE = new Recorder() {
    };

    /** Called after a node was recorded. A leaf is recorded when its tensor is first used. */
    default void recorded(Node node) {}

    /**
     * Called after a node was played back, with the cotangent of its output and the share of each input, shaped
     * as the input; null where none was wanted.
     */
    default void played(Node node, Tensor g, Tensor[] cotangents) {}
}
