package autograd.array;

import org.jspecify.annotations.Nullable;

/**
 * A flat run of numbers that arrays are laid out over. It remembers whether a view shares it: shared storage
 * is never changed again. Storage made under a {@link Scope} lasts as long as that, unless it is
 * {@link #keep() kept}.
 */
public abstract sealed class Storage extends PooledArray permits Storage.F32, Storage.F64 {
    private boolean shared;

    private Storage(int size) { super(size); }

    /**
     * Zeros.
     *
     * @param dtype
     *            the type of the elements
     * @param size
     *            how many
     * @return fresh storage
     */
    public static Storage zeros(DType dtype, int size) { return Pool.storage(dtype, size, true); }

    /**
     * Storage whose numbers are all about to be written: what they are before is unspecified.
     *
     * @param dtype
     *            the type of the elements
     * @param size
     *            how many
     * @return fresh storage
     */
    public static Storage empty(DType dtype, int size) { return Pool.storage(dtype, size, false); }

    /**
     * The type of the elements.
     *
     * @return F32 or F64
     */
    public abstract DType dtype();

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
     * The numbers themselves, for good: from now on neither the update of a variable nor the end of a
     * {@link Scope} writes over them.
     *
     * @return the live array of F32 storage; an error for F64
     */
    public final float[] floats() {
        share();
        keep();
        return borrowFloats();
    }

    /**
     * The numbers themselves, for a kernel, which uses them no longer than its call lasts: afterwards others may
     * be written over them.
     *
     * @return the live array of F32 storage; an error for F64
     */
    public float[] borrowFloats() { throw new IllegalStateException("storage is " + dtype() + ", not f32"); }

    /**
     * The numbers themselves, for good: from now on neither the update of a variable nor the end of a
     * {@link Scope} writes over them.
     *
     * @return the live array of F64 storage; an error for F32
     */
    public final double[] doubles() {
        share();
        keep();
        return borrowDoubles();
    }

    /**
     * The numbers themselves, for a kernel, which uses them no longer than its call lasts: afterwards others may
     * be written over them.
     *
     * @return the live array of F64 storage; an error for F32
     */
    public double[] borrowDoubles() { throw new IllegalStateException("storage is " + dtype() + ", not f64"); }

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
        private float @Nullable [] data;

        /**
         * Wraps an array.
         *
         * @param data
         *            kept, not copied
         */
        public F32(float[] data) {
            super(data.length);
            this.data = data;
        }

        @Override
        public DType dtype() { return DType.F32; }

        @Override
        public double get(int i) { return borrowFloats()[i]; }

        @Override
        public void set(int i, double value) { borrowFloats()[i] = (float) value; }

        @Override
        public float[] borrowFloats() {
            float[] numbers = data;
            if (numbers == null)
                throw released();
            return numbers;
        }

        @Override
        @Nullable
        Object release() {
            float[] numbers = data;
            data = null;
            return numbers;
        }
    }

    /** Numbers of binary64. */
    public static final class F64 extends Storage {
        private double @Nullable [] data;

        /**
         * Wraps an array.
         *
         * @param data
         *            kept, not copied
         */
        public F64(double[] data) {
            super(data.length);
            this.data = data;
        }

        @Override
        public DType dtype() { return DType.F64; }

        @Override
        public double get(int i) { return borrowDoubles()[i]; }

        @Override
        public void set(int i, double value) { borrowDoubles()[i] = value; }

        @Override
        public double[] borrowDoubles() {
            double[] numbers = data;
            if (numbers == null)
                throw released();
            return numbers;
        }

        @Override
        @Nullable
        Object release() {
            double[] numbers = data;
            data = null;
            return numbers;
        }
    }
}
