package autograd.array;

/** The type of an array's elements. */
public enum DType {
    /** IEEE 754 binary32, the default. */
    F32,
    /** IEEE 754 binary64, for checking derivatives. */
    F64;

    /**
     * The distance from 1 to the next larger number of this type.
     *
     * @return the machine epsilon
     */
    public double epsilon() { return this == F32 ? Math.ulp(1f) : Math.ulp(1d); }

    /**
     * Rounds a number to this type.
     *
     * @param x
     *            any number
     * @return the nearest number of this type
     */
    public double round(double x) { return this == F32 ? (float) x : x; }

    /**
     * Chooses between two things that exist once for each type.
     *
     * @param f32
     *            what belongs to F32
     * @param f64
     *            what belongs to F64
     * @return the one of this type
     */
    public <T> T pick(T f32, T f64) { return this == F32 ? f32 : f64; }

    @Override
    public String toString() { return this == F32 ? "f32" : "f64"; }
}
