package autograd.array;

/** An n-dimensional array of numbers: a {@link Layout} over a {@link Storage}. Views share the storage. */
public final class NdArray {
    private final Layout layout;
    private final Storage storage;

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
        this.storage = storage;
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
     * An array for a kernel that writes every element: what it holds before is unspecified.
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
     * The numbers, possibly more than this array's own.
     *
     * @return the live storage
     */
    public Storage storage() { return storage; }

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
    public DType dtype() { return storage.dtype(); }

    /**
     * How many elements there are.
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
    public double get(int... index) { return storage.get(layout.at(index)); }

    /**
     * The same storage through another layout.
     *
     * @param other
     *            the layout
     * @return a view
     */
    public NdArray view(Layout other) { return other == layout ? this : new NdArray(other, storage); }

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
