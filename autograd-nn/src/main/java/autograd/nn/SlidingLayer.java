package autograd.nn;

import autograd.Windows.Sliding;

/**
 * A layer whose windows slide, with the same variables but windows that slide in another way:
 * {@code Conv2d.of(rng, 3, 16, 3).stride(2).padding(1)}.
 *
 * @param <L>
 *            the layer
 */
public interface SlidingLayer<L> extends Layer {
    /** How its windows slide. */
    Sliding how();

    /** The same variables with windows that slide in another way. */
    L sliding(Sliding how);

    /** Windows that begin so many elements apart. */
    default L stride(int stride) {
        return sliding(how().stride(stride));
    }

    /** Windows that begin so many rows and so many columns apart. */
    default L stride(int h, int w) {
        return sliding(how().stride(h, w));
    }

    /** So many zeros around the input. */
    default L padding(int padding) { return sliding(how().padding(padding)); }

    /** So many rows of zeros above and below the input, and columns to its left and right. */
    default L padding(int h, int w) {
        return sliding(how().padding(h, w));
    }

    /** Pads with zeros so that the output has the extents of the input; the stride must be 1. */
    default L samePadding() {
        return sliding(how().samePadding());
    }

    /** Elements of a window that are so many elements apart. */
    default L dilation(int dilation) {
        return sliding(how().dilation(dilation));
    }

    /** Elements of a window that are so many rows and so many columns apart. */
    default L dilation(int h, int w) {
        return sliding(how().dilation(h, w));
    }
}
