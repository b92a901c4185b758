package autograd.kernels.vector.lanes;

/**
 * An array for each thread, for what a call needs while it runs: it grows to the most that was asked for and
 * leaves nothing to the garbage collector. Compiled twice: DoubleScratch is this file, renamed.
 */
public final class FloatScratch {
    private final ThreadLocal<float[]> arrays = ThreadLocal.withInitial(() -> new float[0]);

    /** At least so many numbers, about to be written; those of the last call on this thread. */
    public float[] array(int size) {
        float[] array = arrays.get();
        if (array.length < size)
            arrays.set(array = new float[size]);
        return array;
    }
}
