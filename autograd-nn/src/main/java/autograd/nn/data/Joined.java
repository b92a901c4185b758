package autograd.nn.data;

import java.util.stream.IntStream;

/** Examples of two data sets, the first's before the second's. */
record Joined<X, Y>(Dataset<X, Y> first, Dataset<X, Y> second) implements Dataset<X, Y> {
    @Override
    public int size() { return first.size() + second.size(); }

    @Override
    public Batch<X, Y> batch(int... indices) {
        int border = first.size(), size = size();
        Batch<X, Y> a = first.batch(IntStream.of(indices).filter(i -> Rows.example(i, size) < border).toArray());
        Batch<X, Y> b = second.batch(IntStream.of(indices).filter(i -> i >= border).map(i -> i - border).toArray());
        int[] order = new int[indices.length];
        for (int i = 0, fromA = 0, fromB = a.size(); i < order.length; i++)
            order[i] = indices[i] < border ? fromA++ : fromB++;
        return new Examples<>(Rows.concat(a.x(), b.x()), Rows.concat(a.y(), b.y())).batch(order);
    }
}
