package autograd.nn.data;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.Shape;

import java.util.Objects;

/** Examples kept in tensors: x and y have one along the first axis each. */
record Examples(Tensor x, IntTensor y) implements Dataset {
    Examples {
        if (x.shape().rank() == 0 || y.shape().rank() == 0 || x.shape().dim(0) != y.shape().dim(0))
            throw new IllegalArgumentException("Dataset: examples " + x.shape() + " and labels " + y.shape()
                    + " must be [count, ..], with one count");
    }

    @Override
    public int size() { return x.shape().dim(0); }

    @Override
    public Batch take(int... indices) {
        int width = size() == 0 ? 0 : y.size() / size();
        Shape shape = y.shape().with("Dataset", 0, indices.length);
        int[] some = new int[shape.size()];
        for (int row = 0; row < indices.length; row++) {
            int from = Objects.checkIndex(indices[row], size());
            System.arraycopy(y.slice(from, from + 1).toArray(), 0, some, row * width, width); // not all labels
        }
        return new Batch(x.indexSelect(0, IntTensor.of(indices)), IntTensor.of(some, shape.dims()));
    }
}
