package autograd.kernels.vector.lanes;

/**
 * The number of floats in a vector. It stands apart from {@link FloatSpecies}, because a species takes 40 ms
 * to load in a JVM that has just started, and the first plain loops need the number alone. Compiled twice:
 * DoubleWidth is this file, renamed.
 */
public final class FloatWidth {
    public static final int LANES = VectorRegisters.SHAPE.vectorBitSize() / Float.SIZE;

    private FloatWidth() {}
}
