package autograd.nn;

import autograd.Mask;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Shape;

import java.util.Arrays;

/**
 * Masks of sequences: which elements are there, and which query may look at which key. In every mask of this
 * library true means that an element takes part.
 */
public final class Masks {
    private Masks() {}

    /**
     * Which elements of sequences are not padding, given how long each is.
     *
     * @param length
     *            the length with padding
     * @param lengths
     *            the lengths without, each 0 .. length
     * @return shape [n, length], true at the beginning of each row
     */
    public static Mask lengths(int length, int... lengths) {
        for (int each : lengths)
            if (each < 0 || each > length)
                throw new IllegalArgumentException("lengths: " + each + " is not within 0.." + length);
        boolean[] kept = new boolean[Shape.of("lengths", lengths.length, length).size()];
        for (int i = 0; i < lengths.length; i++)
            Arrays.fill(kept, i * length, i * length + lengths[i], true);
        return Mask.of(kept, lengths.length, length);
    }

    /** For attention: every query may look at the keys [n, keys] that are true; shape [n, 1, 1, keys]. */
    public static Mask keys(Mask kept) {
        if (kept.shape().rank() != 2)
            throw new IllegalArgumentException("keys: the mask " + kept.shape() + " must be [n, keys]");
        return kept.reshape(kept.shape().dim(0), 1, 1, kept.shape().dim(1));
    }

    /** For attention: no position may look at a later one; [1, length, length]. */
    public static Mask causal(int length) {
        return Tensor.ones(DType.F32, Shape.of("causal", 1, length, length)).tril(0).gt(0);
    }

    /** For attention: no position may look at a later one, nor at padding [n, length]; [n, 1, length, length]. */
    public static Mask causal(Mask kept) {
        return keys(kept).and(causal(kept.shape().dim(1)));
    }
}
