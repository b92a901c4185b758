package autograd.kernels;

/**
 * Pairwise summation: a long sum is that of its halves, so that rounding errors grow with the logarithm of
 * the number of terms (Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 4.2).
 */
public final class Pairwise {
    /** The terms of the longest sum that is a chain of additions. */
    public static final int TERMS = 1 << 14;

    private Pairwise() {}

    /** The terms of the first half of n, more than {@link #TERMS}: whole vectors. */
    public static int half(int n) {
        return n / 2 / 64 * 64;
    }
}
