package autograd;

/** Watches a tape at work, for listings, pages and explanations: {@code new GradientTape(recorder)}. */
public interface Recorder {
    /** Watches nothing. */
    Recorder NONE = new Recorder() {
    };

    /**
     * Called when a line was written.
     *
     * @param node
     *            the new node; leaves are written when first used
     */
    default void recorded(Node node) {}

    /**
     * Called when a line was played back.
     *
     * @param node
     *            the node
     * @param g
     *            the cotangent of its output
     * @param cotangents
     *            what its rule gave for each input, shaped as the input; null where none was wanted
     */
    default void played(Node node, Tensor g, Tensor[] cotangents) {}
}
