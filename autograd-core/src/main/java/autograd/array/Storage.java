package autograd.array;

/**
 * A flat run of numbers that arrays are laid out over. It carries a version, raised by whoever changes it in
 * place, and remembers whether a view shares it: shared storage is never changed again.
 */
public abstract sealed class Storage permits Storage.F32, Storage.F64 {
    private int version;
    private boolean shared;

    private Storage() {}

    /**
     * Zeros.
     *
     * @param dtype
     *            the type of the elements
     * @param size
     *            how many
     * @return fresh storage
     */
    public static Storage zeros(DType dtype, int size) {
        return dtype == DType.F32 ? new F32(new float[size]) : new F64(new double[size]);
    }

    /**
     * The type of the elements.
     *
     * @return F32 or F64
     */
    public abstract DType dtype();

    /**
     * How many numbers there are.
     *
     * @return the length
     */
    public abstract int size();

    /**
     * Reads one number.
     *
     * @param i
     *            its position
     * @return the number, exactly
     */
    public abstract double get(int i);

    /**
     * Writes one number.
     *
     * @param i
     *            its position
     * @param value
     *            the number, rounded to this type
     */
    public abstract void set(int i, double value);

    /**
     * The numbers themselves.
     *
     * @return the live array of F32 storage; an error for F64
     */
    public float[] floats() { throw new IllegalStateException("storage is " + dtype() + ", not f32"); }

    /**
     * The numbers themselves.
     *
     * @return the live array of F64 storage; an error for F32
     */
    public double[] doubles() { throw new IllegalStateException("storage is " + dtype() + ", not f64"); }

    /**
     * How often this storage was changed in place.
     *
     * @return the version
     */
    public int version() { return version; }

    /**
     * Sets the version, after a change.
     *
     * @param version
     *            larger than the one before
     */
    public void version(int version) { this.version = version; }

    /**
     * Whether more than one array may look at this storage.
     *
     * @return true once {@link #share()} was called
     */
    public boolean isShared() { return shared; }

    /** Declares that another array looks at this storage, so that it must not be changed in place any more. */
    public void share() {
        shared = true;
    }

    /** Numbers of binary32. */
    public static final class F32 extends Storage {
        private final float[] data;

        /**
         * Wraps an array.
         *
         * @param data
         *            kept, not copied
         */
        public F32(float[] data) { this.data = data; }

        @Override
        public DType dtype() { return DType.F32; }

        @Override
        public int size() { return data.length; }

        @Override
        public double get(int i) { return data[i]; }

        @Override
        public void set(int i, double value) { data[i] = (float) value; }

        @Override
        public float[] floats() { return data; }
    }

    /** Numbers of binary64. */
    public static final class F64 extends Storage {
        private final double[] data;

        /**
         * Wraps an array.
         *
         * @param data
         *            kept, not copied
         */
        public F64(double[] data) { this.data = data; }

        @Override
        public DType dtype() { return DType.F64; }

        @Override
        public int size() { return data.length; }

        @Override
        public double get(int i) { return data[i]; }

        @Override
        public void set(int i, double value) { data[i] = value; }

        @Override
        public double[] doubles() { return data; }
    }
}
