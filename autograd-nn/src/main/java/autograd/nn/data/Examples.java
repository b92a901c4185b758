package autograd.nn.data;

/** Examples kept in memory: x and y have one along the first axis each. */
record Examples<X, Y>(X x, Y y) implements Dataset<X, Y> {
    Examples {
        if (Rows.count(x) != Rows.count(y))
            throw new IllegalArgumentException("Dataset: examples " + Rows.text(x) + " and targets " + Rows.text(y)
                    + " must be [count, ..], with one count");
    }

    @Override
    public int size() { return Rows.count(x); }

    @Override
    public Batch<X, Y> batch(int... indices) { return new Batch<>(Rows.take(x, indices), Rows.take(y, indices)); }
}
