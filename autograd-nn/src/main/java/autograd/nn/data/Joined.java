package autograd.nn.data;

import autograd.IntTensor;
import autograd.Tensor;

import java.util.Objects;
import java.util.stream.IntStream;

/** Examples of two data sets, the first's before the second's. */
record Joined(Dataset first, Dataset second) implements Dataset {
    @Override
    public int size() { return first.size() + second.size(); }

    @Override
    public Batch take(int... indices) {
        int border = first.size(), size = size();
        Batch a = first.take(IntStream.of(indices).filter(i -> Objects.checkIndex(i, size) < border).toArray());
        Batch b = second.take(IntStream.of(indices).filter(i -> i >= border).map(i -> i - border).toArray());
        int[] labels = IntStream.concat(IntStream.of(a.y().toArray()), IntStream.of(b.y().toArray())).toArray();
        int[] shape = a.y().shape().dims(), order = new int[indices.length];
        shape[0] = indices.length;
        for (int i = 0, fromA = 0, fromB = a.size(); i < order.length; i++)
            order[i] = indices[i] < border ? fromA++ : fromB++;
        return new Examples(Tensor.concat(0, a.x(), b.x()), IntTensor.of(labels, shape)).take(order);
    }
}
