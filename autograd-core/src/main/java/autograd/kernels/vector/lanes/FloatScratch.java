package autograd.kernels.vector.lanes;

/**
 * Arrays that calls need while they run. They grow to the most that was asked for and leave nothing to the
 * garbage collector; one that an exception keeps from being given back is left to it. Compiled twice:
 * DoubleScratch is this file, renamed.
 */
public final class FloatScratch {
    private final FreeList<float[]> free = new FreeList<>();

    /** At least so many numbers of any value, for the caller until it gives them back. */
    public float[] take(int size) {
        float[] array = free.take();
        return array == null || array.length < size ? new float[size] : array;
    }

    public void give(float[] array) { free.give(array); }
}
