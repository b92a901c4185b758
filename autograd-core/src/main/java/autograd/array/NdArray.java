package autograd.array;

import org.jspecify.annotations.Nullable;

/**
 * An n-dimensional array of numbers: a {@link Layout} over a {@link Storage}. Views share the storage. Graphs
 * of scalars consist of arrays of a {@link #single} number: those allocate storage on first use.
 */
public final class NdArray {
    private final Layout layout;
    private final DType dtype;
    /** The element, until storage is allocated. */
    private final double number;
    private volatile @Nullable Storage storage;

    /**
     * Looks at storage through a layout.
     *
     * @param layout
     *            where each element lies
     * @param storage
     *            the numbers
     */
    public NdArray(Layout layout, Storage storage) {
        this.layout = layout;
        this.dtype = storage.dtype();
        this.number = 0;
        this.storage = storage;
    }

    private NdArray(Layout layout, DType dtype, double number) {
        this.layout = layout;
        this.dtype = dtype;
        this.number = number;
    }

    /**
     * An array of one element.
     *
     * @param dtype
     *            the type of the element
     * @param layout
     *            of one element, at offset 0
     * @param value
     *            the element, rounded to the dtype
     * @return an array like any other, made for less
     */
    public static NdArray single(DType dtype, Layout layout, double value) {
        if (Scope.releasesAll()) { // only storage can be released
            NdArray y = empty(dtype, layout);
            y.storage().set(0, value);
            return y;
        }
        double rounded = dtype == DType.F32 ? (float) value : value;
        return new NdArray(layout, dtype, rounded);
    }

    /**
     * An array of zeros.
     *
     * @param dtype
     *            the type of the elements
     * @param shape
     *            the shape
     * @return a fresh contiguous array
     */
    public static NdArray zeros(DType dtype, Shape shape) { return zeros(dtype, Layout.of(shape)); }

    /**
     * An array of zeros with a layout at hand, which saves making one.
     *
     * @param dtype
     *            the type of the elements
     * @param layout
     *            contiguous from offset 0
     * @return a fresh contiguous array
     */
    public static NdArray zeros(DType dtype, Layout layout) {
        return new NdArray(layout, Storage.zeros(dtype, layout.shape().size()));
    }

    /**
     * An array for a kernel that writes every element: its initial content is unspecified.
     *
     * @param dtype
     *            the type of the elements
     * @param layout
     *            contiguous from offset 0
     * @return a fresh contiguous array
     */
    public static NdArray empty(DType dtype, Layout layout) {
        return new NdArray(layout, Storage.empty(dtype, layout.shape().size()));
    }

    /**
     * A contiguous array over given numbers.
     *
     * @param data
     *            row-major, kept, not copied
     * @param shape
     *            its size must be the array's length
     * @return the array
     */
    public static NdArray of(float[] data, Shape shape) { return of(new Storage.F32(data), shape); }

    /**
     * A contiguous array over given numbers.
     *
     * @param data
     *            row-major, kept, not copied
     * @param shape
     *            its size must be the array's length
     * @return the array
     */
    public static NdArray of(double[] data, Shape shape) { return of(new Storage.F64(data), shape); }

    private static NdArray of(Storage storage, Shape shape) {
        if (storage.size() != shape.size())
            throw new IllegalArgumentException(
                    storage.size() + " values do not fill shape " + shape + ", which has " + shape.size());
        return new NdArray(Layout.of(shape), storage);
    }

    /**
     * Where each element lies.
     *
     * @return the layout
     */
    public Layout layout() { return layout; }

    /**
     * The numbers, possibly more than this array's own. If another thread than that of the {@link Scope} they
     * were made under asks, they are {@link #keep() kept}, so that they stay as they are while it reads: a kernel
     * asks before it hands work to helpers.
     *
     * @return the live storage
     */
    public Storage storage() {
        Storage known = storage;
        if (known == null)
            return made();
        known.look();
        return known;
    }

    private synchronized Storage made() {
        Storage known = storage;
        if (known == null) {
            known = dtype == DType.F32
                    ? new Storage.F32(new float[]{(float) number})
                    : new Storage.F64(new double[]{number});
            known.share(); // nobody noted who looks at the number
            storage = known;
        }
        return known;
    }

    /** The numbers, if they lie in storage. */
    @Nullable
    Storage known() { return storage; }

    /**
     * Whether another array looks at the same storage.
     *
     * @param other
     *            any array
     * @return true if a change in place would be seen in both
     */
    public boolean sharesStorage(NdArray other) {
        Storage known = storage;
        return known == null ? this == other : known == other.storage;
    }

    /** Declares that the numbers must not be changed in place any more: {@link Storage#share}. */
    public void share() {
        Storage known = storage;
        if (known != null)
            known.share();
    }

    /** Declares that the numbers outlive the scope they were made under: {@link Storage#keep}. */
    public void keep() {
        Storage known = storage;
        if (known != null)
            known.keep();
    }

    /**
     * The shape.
     *
     * @return the extents
     */
    public Shape shape() { return layout.shape(); }

    /**
     * The type of the elements.
     *
     * @return F32 or F64
     */
    public DType dtype() { return dtype; }

    /**
     * The number of elements.
     *
     * @return the product of the extents
     */
    public int size() { return layout.shape().size(); }

    /**
     * Whether the elements lie in row-major order without gaps.
     *
     * @return true if contiguous
     */
    public boolean isContiguous() { return layout.isContiguous(); }

    /**
     * Reads one element.
     *
     * @param index
     *            one index per axis
     * @return the element, exactly
     */
    public double get(int... index) { return storage().get(layout.at(index)); }

    /**
     * Reads the element of an array that has one.
     *
     * @return the element, exactly
     */
    public double item() {
        Storage known = storage;
        if (known == null)
            return number;
        known.look();
        return known.get(layout.offset());
    }

    /**
     * The same storage through another layout.
     *
     * @param other
     *            the layout
     * @return a view
     */
    public NdArray view(Layout other) { return other == layout ? this : new NdArray(other, storage()); }

    /**
     * A view with the axes in another order.
     *
     * @param axes
     *            a permutation
     * @return a view
     */
    public NdArray permute(int... axes) { return view(layout.permute(axes)); }

    /**
     * A view repeated to a larger shape.
     *
     * @param shape
     *            the larger shape
     * @return a view
     */
    public NdArray broadcastTo(Shape shape) { return view(layout.broadcastTo(shape)); }

    @Override
    public String toString() { return Text.of(this); }
}
