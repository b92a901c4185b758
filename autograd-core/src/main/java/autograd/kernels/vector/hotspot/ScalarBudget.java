package autograd.kernels.vector.hotspot;

/**
 * The first elements that a loop meets. Until HotSpot has compiled it, plain code gives them the same bits
 * sooner, and a program that has no more of them need not load what computes with vectors.
 */
public final class ScalarBudget {
    private int left; // a few more do not matter if threads race

    /**
     * A loop that has met nothing yet.
     *
     * @param most
     *            for how many elements plain code takes about a millisecond
     */
    public ScalarBudget(int most) { this.left = most; }

    /** Whether n more elements, too, are for plain code. */
    public boolean are(int n) {
        Boolean vectors = CompileGate.forced;
        if (vectors != null)
            return !vectors;
        if (n > left)
            return false;
        left -= n;
        return true;
    }
}
